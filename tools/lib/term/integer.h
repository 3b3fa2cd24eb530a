// Integers beyond 64 bits, by GMP. Only the .cpp files that calculate with them include this.
#pragma once

#include <gmpxx.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace relmk::term {

struct BigInteger {
  mpz_class value;
};

// As the VM converts one: rounded after each digit of 64 bits, which may not give the
// nearest double. Infinite where none is as large.
double to_double(const mpz_class& value);

// Digits, of which there must be one, in a base from 2 to 36; and the text of an integer, decimal.
// By GMP (integer_digits.cpp), but for nodetool: tools/nodetool/integer_digits.cpp.
mpz_class integer_of_digits(std::string_view digits, int base);
std::string integer_text(const mpz_class& value);

// The number of which these are the bytes, the lowest first, and the bytes of a magnitude.
mpz_class integer_of_bytes(std::string_view lowest_first);
std::string bytes_of_magnitude(const mpz_class& value);

}  // namespace relmk::term
