#include "term/integer.h"

#include <cmath>

namespace relmk::term {

double to_double(const mpz_class& value) {
  const mpz_class magnitude = abs(value);
  const size_t bits = mpz_sizeinbase(magnitude.get_mpz_t(), 2);
  if (bits <= 64) {
    const double result = static_cast<double>(magnitude.get_ui());
    return value < 0 ? -result : result;
  }
  // The highest 64 bits; what lies below them only tells a tie from what is more than one.
  const size_t below = bits - 64;
  const mpz_class high = magnitude >> below;
  const bool is_more = mpz_scan1(magnitude.get_mpz_t(), 0) < below;
  const double result = below > 2000 ? HUGE_VAL
                                     : std::ldexp(static_cast<double>(high.get_ui() | is_more),
                                                  static_cast<int>(below));
  return value < 0 ? -result : result;
}

mpz_class integer_of_digits(const std::string& digits, int base) {
  return mpz_class(digits, base);
}

mpz_class integer_of_bytes(std::string_view lowest_first) {
  mpz_class value;
  mpz_import(value.get_mpz_t(), lowest_first.size(), -1, 1, 0, 0, lowest_first.data());
  return value;
}

std::string bytes_of_magnitude(const mpz_class& value) {
  std::string bytes((mpz_sizeinbase(value.get_mpz_t(), 2) + 7) / 8, '\0');
  size_t count = 0;
  mpz_export(bytes.data(), &count, -1, 1, 0, 0, value.get_mpz_t());
  bytes.resize(count);
  return bytes;
}

}  // namespace relmk::term
