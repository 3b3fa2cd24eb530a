#include "term/integer.h"

#include <bit>

namespace relmk::term {
namespace {

size_t bit_count(const mpz_class& magnitude) {
  const size_t limbs = mpz_size(magnitude.get_mpz_t());
  if (limbs == 0) return 0;
  const mp_limb_t high = mpz_getlimbn(magnitude.get_mpz_t(), static_cast<mp_size_t>(limbs - 1));
  return (limbs - 1) * GMP_NUMB_BITS + static_cast<size_t>(std::bit_width(high));
}

}  // namespace

// Digit by digit from the highest, with a rounding at each, as the VM's big_to_double() does.
double to_double(const mpz_class& value) {
  static_assert(GMP_NUMB_BITS == 64);
  double result = 0;
  for (size_t i = mpz_size(value.get_mpz_t()); i > 0; --i)
    result = result * 0x1p64 + static_cast<double>(mpz_getlimbn(value.get_mpz_t(), i - 1));
  return value < 0 ? -result : result;
}

mpz_class integer_of_bytes(std::string_view lowest_first) {
  mpz_class value;
  mpz_import(value.get_mpz_t(), lowest_first.size(), -1, 1, 0, 0, lowest_first.data());
  return value;
}

std::string bytes_of_magnitude(const mpz_class& value) {
  std::string bytes((bit_count(value) + 7) / 8, '\0');
  size_t count = 0;
  mpz_export(bytes.data(), &count, -1, 1, 0, 0, value.get_mpz_t());
  bytes.resize(count);
  return bytes;
}

}  // namespace relmk::term
