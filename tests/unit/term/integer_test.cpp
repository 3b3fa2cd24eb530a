#include "term/integer.h"

#include <cmath>
#include <limits>

#include "catch.h"

// nodetool's own, which would otherwise be in no executable together with GMP's.
#define integer_of_digits nodetool_integer_of_digits
#define integer_text nodetool_integer_text
#include "../../../tools/nodetool/integer_digits.cpp"
#undef integer_of_digits
#undef integer_text

namespace term_integer_test {

using namespace relmk::term;
using namespace std::string_literals;

namespace {

mpz_class number(const std::string& digits) {
  return integer_of_digits(digits, 10);
}

}  // namespace

TEST_CASE("integer: a double, rounded as the VM rounds") {
  CHECK(to_double(0) == 0.0);
  CHECK(to_double(number("9007199254740993")) == 9007199254740992.0);  // 2^53 + 1
  CHECK(to_double(number("9007199254740995")) == 9007199254740996.0);
  const mpz_class tie = (mpz_class(1) << 200) + (mpz_class(1) << 147);
  CHECK(to_double(tie) == std::ldexp(1.0, 200));
  CHECK(to_double(tie + 1) == std::ldexp(1.0, 200));  // what its highest digits give
  CHECK(to_double((mpz_class(1) << 100) + (mpz_class(1) << 47) + 1) ==
        std::nextafter(std::ldexp(1.0, 100), INFINITY));
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

TEST_CASE("integer: digits in nodetool, as GMP reads and writes them") {
  CHECK(nodetool_integer_text(0) == "0");
  CHECK(nodetool_integer_text(-7) == "-7");
  for (const char* power :
       {"10000000000000000000", "100000000000000000000", "18446744073709551616"}) {
    CHECK(nodetool_integer_text(mpz_class(power)) == power);
    CHECK(nodetool_integer_text(mpz_class(power) - 1) == mpz_class(mpz_class(power) - 1).get_str());
  }
  gmp_randclass random(gmp_randinit_default);
  for (unsigned bits = 1; bits < 4000; bits += 3) {
    const mpz_class value = random.get_z_bits(bits);
    const mpz_class ones = (mpz_class(1) << bits) - 1;
    CHECK(nodetool_integer_text(-value) == mpz_class(-value).get_str());
    CHECK(nodetool_integer_text(ones) == ones.get_str());
    const int base = 2 + static_cast<int>(bits % 35);
    CHECK(nodetool_integer_of_digits(value.get_str(base), base).get_str() == value.get_str());
    CHECK(nodetool_integer_of_digits(ones.get_str(base), base).get_str() == ones.get_str());
  }
}

TEST_CASE("integer: nodetool writes the largest in base 16, and reads none") {
  const mpz_class large = mpz_class(1) << (1 << 21);
  CHECK(nodetool_integer_text(large) == "16#1" + std::string((1 << 21) / 4, '0'));
  CHECK(nodetool_integer_text(-large - 0xabc) ==
        "-16#1" + std::string((1 << 21) / 4 - 3, '0') + "ABC");
  CHECK_THROWS_AS(nodetool_integer_of_digits(large.get_str(2), 2), relmk::Error);
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
