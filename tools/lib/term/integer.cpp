#include "term/integer.h"

#include <bit>
#include <climits>
#include <cmath>
#include <vector>

namespace relmk::term {
namespace {

int digit_value(char c) {
  if (c <= '9') return c - '0';
  return (c | 0x20) - 'a' + 10;
}

size_t bit_count(const mpz_class& magnitude) {
  const size_t limbs = mpz_size(magnitude.get_mpz_t());
  if (limbs == 0) return 0;
  const mp_limb_t high = mpz_getlimbn(magnitude.get_mpz_t(), static_cast<mp_size_t>(limbs - 1));
  return (limbs - 1) * GMP_NUMB_BITS + static_cast<size_t>(std::bit_width(high));
}

}  // namespace

double to_double(const mpz_class& value) {
  const mpz_class magnitude = abs(value);
  const size_t bits = bit_count(magnitude);
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

mpz_class integer_of_digits(std::string_view digits, int base) {
  const auto each = static_cast<unsigned long>(base);
  mpz_class value;
  mpz_realloc2(value.get_mpz_t(), digits.size() * std::bit_width(each));
  unsigned long some = 0, power = 1;
  for (size_t i = 0; i < digits.size(); ++i) {
    some = some * each + static_cast<unsigned long>(digit_value(digits[i]));
    power *= each;
    if (power < ULONG_MAX / each && i + 1 < digits.size()) continue;
    mpz_mul_ui(value.get_mpz_t(), value.get_mpz_t(), power);
    mpz_add_ui(value.get_mpz_t(), value.get_mpz_t(), some);
    some = 0;
    power = 1;
  }
  return value;
}

std::string decimal_digits(const mpz_class& value) {
  constexpr int kDigits = 19;
  constexpr mp_limb_t kPower = 10'000'000'000'000'000'000U;  // of ten, the highest in a limb
  const mp_limb_t* const magnitude = mpz_limbs_read(value.get_mpz_t());
  std::vector<mp_limb_t> limbs(magnitude, magnitude + mpz_size(value.get_mpz_t()));
  std::string text;  // from its end
  while (!limbs.empty()) {
    const auto size = static_cast<mp_size_t>(limbs.size());
    mp_limb_t rest = mpn_divrem_1(limbs.data(), 0, limbs.data(), size, kPower);
    for (int i = 0; i < kDigits; ++i, rest /= 10)
      text += static_cast<char>('0' + rest % 10);
    if (limbs.back() == 0) limbs.pop_back();
  }
  text.erase(text.find_last_not_of('0') + 1);
  if (text.empty()) text = "0";
  if (value < 0) text += '-';
  return {text.rbegin(), text.rend()};
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
