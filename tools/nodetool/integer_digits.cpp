// Not by GMP's functions for that, as elsewhere: with them come its ways to multiply numbers of
// millions of digits, a tenth of what nodetool would be. What takes longer and longer here has a
// limit.
#include <bit>
#include <climits>
#include <string>
#include <vector>

#include "sys/error.h"
#include "term/integer.h"

namespace relmk::term {
namespace {

// Of what is read, and written as decimal digits: about 600,000 of them, which takes less than two
// seconds.
constexpr size_t kMostBits = 1 << 21;

bool is_large(const mpz_class& value) {
  return mpz_size(value.get_mpz_t()) > kMostBits / GMP_NUMB_BITS;
}

int digit_value(char c) {
  if (c <= '9') return c - '0';
  return (c | 0x20) - 'a' + 10;
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
  return {text.rbegin(), text.rend()};
}

// Behind `16#`, as Erlang reads it.
std::string hexadecimal_digits(const mpz_class& value) {
  constexpr int kDigits = sizeof(mp_limb_t) * CHAR_BIT / 4;
  std::string text;  // from its end
  for (size_t i = 0; i < mpz_size(value.get_mpz_t()); ++i) {
    mp_limb_t limb = mpz_getlimbn(value.get_mpz_t(), static_cast<mp_size_t>(i));
    for (int j = 0; j < kDigits; ++j, limb >>= 4)
      text += "0123456789ABCDEF"[limb % 16];
  }
  text.erase(text.find_last_not_of('0') + 1);
  return "16#" + std::string(text.rbegin(), text.rend());
}

}  // namespace

mpz_class integer_of_digits(std::string_view digits, int base) {
  const auto each = static_cast<unsigned long>(base);
  if (digits.size() * static_cast<size_t>(std::bit_width(each - 1)) > kMostBits)
    throw Error("an integer of more than " + std::to_string(kMostBits) + " bits");
  mpz_class value;
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

std::string integer_text(const mpz_class& value) {
  const std::string minus = value < 0 ? "-" : "";
  return minus + (is_large(value) ? hexadecimal_digits(value) : decimal_digits(value));
}

}  // namespace relmk::term
