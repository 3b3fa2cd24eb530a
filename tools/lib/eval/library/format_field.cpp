#include "eval/library/format_field.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "eval/library/support.h"
#include "term/character_data.h"

namespace relmk::eval {
namespace {

size_t characters_in(const Term& chars) {
  const std::optional<std::u32string> text = term::chardata(chars);
  if (!text) malformed_format();
  return text->size();
}

Term truncated(const Term& text, int64_t count) {
  const std::optional<std::u32string> all = term::chardata(text);
  return term::character_list(std::u32string_view(*all).substr(0, static_cast<size_t>(count)));
}

}  // namespace

void malformed_format() {
  leave_to_vm("io_lib:format with a format that its arguments don't fit");
}

Term padding(char32_t c, int64_t count) {
  const Term one = static_cast<int64_t>(c);
  if (count <= 3) return Term::list(Terms(static_cast<size_t>(std::max<int64_t>(count, 0)), one));
  const Term half = padding(c, count / 2);
  if (count % 2 == 0) return Term::improper_list({half}, half);
  return Term::improper_list({one, half}, half);
}

Term adjusted(const Term& text, const Term& pad, bool left) {
  if (pad.is_nil()) return text;
  return left ? Term::improper_list({text}, pad) : Term::improper_list({pad}, text);
}

Term in_field(const Term& text, const FormatControl& control, std::optional<int64_t> precision) {
  if (!control.width && !precision) return text;
  const int64_t width = control.width.value_or(precision.value_or(0));
  const auto length = static_cast<int64_t>(characters_in(text));
  const int64_t most = std::min(length, precision ? std::min(*precision, width) : width);
  if (length > most) {
    return adjusted(padding(U'*', most), padding(control.pad, width - most), control.left);
  }
  return adjusted(text, padding(control.pad, width - length), control.left);
}

Term string_in_field(const Term& text, const FormatControl& control) {
  if (!control.width && !control.precision) return text;
  const auto length = static_cast<int64_t>(characters_in(text));
  const int64_t width = control.width ? *control.width : *control.precision;
  const bool left = control.left || !control.width;
  const int64_t precision = control.precision.value_or(width);
  if (precision > width) malformed_format();
  if (!control.precision || precision == width) {
    if (length > width) return truncated(text, width);
    return adjusted(text, padding(control.pad, width - length), left);
  }
  Term inner = text;
  if (length > precision) {
    inner = truncated(text, precision);
  } else if (length < precision) {
    inner = Term::improper_list({text}, padding(control.pad, precision - length));
  }
  return adjusted(inner, padding(control.pad, width - precision), control.left);
}

Term characters_of(const Term& data, bool unicode) {
  if (data.is_atom()) return Term::string(data.atom_text());
  if (data.is_binary()) {
    if (unicode) {
      const std::optional<std::u32string> text = term::chardata(data);
      if (text) return term::character_list(*text);
    }
    Terms bytes;
    for (const char c : data.bytes())
      bytes.emplace_back(static_cast<int64_t>(static_cast<unsigned char>(c)));
    return Term::list(std::move(bytes));
  }
  if (!data.is_list()) malformed_format();
  Terms all;
  for (const Term& element : data.elements()) {
    if (element.is_atom()) malformed_format();
    if (!element.is_small_integer()) {
      all.push_back(characters_of(element, unicode));
      continue;
    }
    if (element.as_integer() < 0 || element.as_integer() > (unicode ? 0x10ffff : 0xff))
      malformed_format();
    all.push_back(element);
  }
  if (data.tail() != nullptr && !data.tail()->is_binary()) malformed_format();
  return data.tail() == nullptr
             ? Term::list(std::move(all), data.position())
             : Term::improper_list(std::move(all), characters_of(*data.tail(), unicode));
}

std::string float_fixed(double value, int64_t digits) {
  if (digits < 1 || std::fabs(value) >= 1e15) malformed_format();
  // From the 21 digits of float_to_list, rounded half up, as io_lib does it.
  const std::string all = fmt::format("{:.20e}", std::fabs(value));
  std::string mantissa = all.substr(0, 1) + all.substr(2, 20);
  const int exponent = std::stoi(all.substr(all.find('e') + 1));
  if (exponent < 0) {
    mantissa.insert(0, static_cast<size_t>(-exponent), '0');
  }
  const size_t whole = exponent < 0 ? 1 : static_cast<size_t>(exponent) + 1;
  const size_t wanted = whole + static_cast<size_t>(digits);
  mantissa.append(wanted + 1 > mantissa.size() ? wanted + 1 - mantissa.size() : 0, '0');
  const bool up = mantissa[wanted] >= '5';
  mantissa.resize(wanted);
  bool carry = up;
  for (size_t i = mantissa.size(); carry && i-- > 0;) {
    carry = mantissa[i] == '9';
    mantissa[i] = carry ? '0' : static_cast<char>(mantissa[i] + 1);
  }
  if (carry) mantissa.insert(0, "1");
  mantissa.insert(mantissa.size() - static_cast<size_t>(digits), ".");
  return (std::signbit(value) ? "-" : "") + mantissa;
}

std::string float_scientific(double value, int64_t precision) {
  if (precision < 2) malformed_format();
  std::string text = fmt::format("{:.{}e}", value, precision - 1);
  // The exponent has no more digits than it needs.
  const size_t sign = text.find('e') + 1;
  while (text.size() > sign + 2 && text[sign + 1] == '0')
    text.erase(sign + 1, 1);
  return text;
}

std::string float_general(double value, int64_t precision) {
  const double magnitude = std::fabs(value);
  const double steps[] = {1e-1, 1e0, 1e1, 1e2, 1e3, 1e4};
  int64_t exponent = -2;
  for (const double step : steps)
    exponent += magnitude >= step ? 1 : 0;
  const bool huge = exponent == 4;
  const bool fixed =
      !huge && ((precision <= 1 && exponent == -1) || (precision - 1 > exponent && exponent >= -1));
  if (fixed) return float_fixed(value, precision - 1 - exponent);
  return float_scientific(value, std::max<int64_t>(precision, 2));
}

}  // namespace relmk::eval
