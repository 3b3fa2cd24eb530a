#include "term/float_digits.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

#include "catch.h"

namespace term_float_digits_test {

namespace term = relmk::term;

namespace {

std::string digits(double value) {
  const term::FloatDigits found = term::shortest_digits(value);
  return found.digits + " " + std::to_string(found.point);
}

}  // namespace

TEST_CASE("float digits: small and large, with a point and without") {
  CHECK(digits(0.0125) == "125 -1");
  CHECK(digits(0.1) == "1 0");
  CHECK(digits(1) == "1 1");
  CHECK(digits(1200) == "12 4");
  CHECK(digits(12.5) == "125 2");
  CHECK(digits(1e15) == "1 16");
  CHECK(digits(1e16) == "1 17");
  CHECK(digits(1e22) == "1 23");
  CHECK(digits(1.25e-7) == "125 -6");
  CHECK(digits(123456789012345680.0) == "12345678901234568 18");
}

TEST_CASE("float digits: the sign is left out, and zero has a digit") {
  CHECK(digits(-1.5) == "15 1");
  CHECK(digits(0) == "0 1");
  CHECK(digits(-0.0) == "0 1");
}

TEST_CASE("float digits: the ends of the range") {
  CHECK(digits(5e-324) == "5 -323");
  CHECK(digits(std::numeric_limits<double>::min()) == "22250738585072014 -307");
  CHECK(digits(std::numeric_limits<double>::max()) == "17976931348623157 309");
}

TEST_CASE("float digits: they read back as the same float") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const double value = std::ldexp(1 + static_cast<double>(random() >> 12) * 0x1p-52,
                                    static_cast<int>(random() % 2044) - 1022);
    const term::FloatDigits found = term::shortest_digits(value);
    const std::string text = "0." + found.digits + "e" + std::to_string(found.point);
    CHECK(std::strtod(text.c_str(), nullptr) == value);
    CHECK(found.digits.size() <= 17);
  }
}

}  // namespace term_float_digits_test
