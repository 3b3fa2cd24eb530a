// Integers beyond 64 bits, by GMP. Only the .cpp files that calculate with them include this.
// Digits are not read and written by GMP's functions for that: with them come its ways to multiply
// numbers of millions of digits, a tenth of what nodetool would be. Here a million digits take four
// seconds to write and one to read.
#pragma once

#include <gmpxx.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace relmk::term {

struct BigInteger {
  mpz_class value;
};

// The nearest double, ties to even; infinite where none is as large.
double to_double(const mpz_class& value);

// Digits, of which there must be one, in a base from 2 to 36.
mpz_class integer_of_digits(std::string_view digits, int base);

// Decimal digits, behind a minus where it is negative.
std::string decimal_digits(const mpz_class& value);

// The number of which these are the bytes, the lowest first, and the bytes of a magnitude.
mpz_class integer_of_bytes(std::string_view lowest_first);
std::string bytes_of_magnitude(const mpz_class& value);

}  // namespace relmk::term
