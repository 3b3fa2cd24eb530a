#include "term/integer.h"

#include <cmath>
#include <limits>

#include "catch.h"

namespace term_integer_test {

using namespace relmk::term;
using namespace std::string_literals;

namespace {

mpz_class number(const std::string& digits) {
  return integer_of_digits(digits, 10);
}

}  // namespace

TEST_CASE("integer: the nearest double, ties to even") {
  CHECK(to_double(0) == 0.0);
  CHECK(to_double(number("9007199254740993")) == 9007199254740992.0);  // 2^53 + 1
  CHECK(to_double(number("9007199254740995")) == 9007199254740996.0);
  const mpz_class tie = (mpz_class(1) << 200) + (mpz_class(1) << 147);
  CHECK(to_double(tie) == std::ldexp(1.0, 200));
  CHECK(to_double(tie + 1) == std::nextafter(std::ldexp(1.0, 200), INFINITY));
  CHECK(to_double(-tie) == -std::ldexp(1.0, 200));
}

TEST_CASE("integer: where no double is as large it is infinite") {
  CHECK(to_double(mpz_class(1) << 1023) == std::ldexp(1.0, 1023));
  CHECK(std::isinf(to_double(mpz_class(1) << 1024)));
  CHECK(to_double(-(mpz_class(1) << 100000)) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("integer: digits in bases from 2 to 36") {
  CHECK(integer_of_digits("1011", 2).get_str() == "11");
  CHECK(integer_of_digits("zZ", 36).get_str() == "1295");
  CHECK(integer_of_digits("ff00000000000000000", 16).get_str() == "75262715820734970593280");
}

TEST_CASE("integer: decimal digits, as GMP reads and writes them") {
  CHECK(decimal_digits(0) == "0");
  CHECK(decimal_digits(-7) == "-7");
  for (const char* power :
       {"10000000000000000000", "100000000000000000000", "18446744073709551616"}) {
    CHECK(decimal_digits(mpz_class(power)) == power);
    CHECK(decimal_digits(mpz_class(power) - 1) == mpz_class(mpz_class(power) - 1).get_str());
  }
  gmp_randclass random(gmp_randinit_default);
  for (unsigned bits = 1; bits < 4000; bits += 3) {
    const mpz_class value = random.get_z_bits(bits);
    const mpz_class ones = (mpz_class(1) << bits) - 1;
    CHECK(decimal_digits(-value) == mpz_class(-value).get_str());
    CHECK(decimal_digits(ones) == ones.get_str());
    const int base = 2 + static_cast<int>(bits % 35);
    CHECK(integer_of_digits(value.get_str(base), base).get_str() == value.get_str());
    CHECK(integer_of_digits(ones.get_str(base), base).get_str() == ones.get_str());
  }
}

TEST_CASE("integer: bytes, the lowest first") {
  CHECK(integer_of_bytes("\1\2"s).get_str() == "513");
  CHECK(integer_of_bytes(std::string(8, '\0') + "\1").get_str() == "18446744073709551616");
  CHECK(integer_of_bytes("").get_str() == "0");
  CHECK(bytes_of_magnitude(0x201) == "\1\2");
  CHECK(bytes_of_magnitude(-0x201) == "\1\2");
  CHECK(bytes_of_magnitude(0).empty());
}

}  // namespace term_integer_test
