#include "term/float_digits.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace relmk::term {

// Not std::to_chars: its tables, for any number of digits, are 100 kB, which nodetool would carry
// into each release. {fmt} is there anyway. It writes 0.0125, 125, 1.25e+20.
FloatDigits shortest_digits(double value) {
  const std::string text = fmt::format("{}", std::fabs(value));
  const size_t e = text.find('e');
  const std::string_view mantissa = std::string_view(text).substr(0, e);
  FloatDigits found;
  for (const char c : mantissa) {
    if (c != '.') found.digits += c;
  }
  found.point = static_cast<int>(std::min(mantissa.find('.'), mantissa.size()));
  if (e != std::string::npos) {
    const bool is_signed = text[e + 1] == '+' || text[e + 1] == '-';
    int exponent = 0;
    std::from_chars(text.data() + e + (is_signed ? 2 : 1), text.data() + text.size(), exponent);
    found.point += text[e + 1] == '-' ? -exponent : exponent;
  }
  const size_t first = found.digits.find_first_not_of('0');
  if (first == std::string::npos) return {"0", 1};
  found.digits.erase(0, first);
  found.point -= static_cast<int>(first);
  found.digits.erase(found.digits.find_last_not_of('0') + 1);
  return found;
}

}  // namespace relmk::term
