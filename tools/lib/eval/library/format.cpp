#include "eval/library/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "eval/fun.h"
#include "eval/library/erlang.h"
#include "eval/library/support.h"
#include "term/print.h"
#include "term/utf8.h"

namespace relmk {
namespace {

struct Control {
  std::optional<int64_t> width;
  bool left = false;
  std::optional<int64_t> precision;
  char32_t pad = U' ';
  bool unicode = false;
  char32_t letter = 0;
};

[[noreturn]] void malformed() {
  leave_to_vm("io_lib:format with a format that its arguments don't fit");
}

size_t characters_in(const Term& chars) {
  const std::optional<std::u32string> text = chardata(chars);
  if (!text) malformed();
  return text->size();
}

// N times a character, nested as io_lib nests it.
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

// The text in a field of a width: stars where it is too long.
Term in_field(const Term& text, const Control& control, std::optional<int64_t> precision) {
  if (!control.width && !precision) return text;
  const int64_t width = control.width.value_or(precision.value_or(0));
  const auto length = static_cast<int64_t>(characters_in(text));
  const int64_t most = std::min(length, precision ? std::min(*precision, width) : width);
  if (length > most) {
    return adjusted(padding(U'*', most), padding(control.pad, width - most), control.left);
  }
  return adjusted(text, padding(control.pad, width - length), control.left);
}

Term truncated(const Term& text, int64_t count) {
  const std::optional<std::u32string> all = chardata(text);
  return string_term(std::u32string_view(*all).substr(0, static_cast<size_t>(count)));
}

// ~s: cut or padded to the field, and before that to the precision.
Term string_in_field(const Term& text, const Control& control) {
  if (!control.width && !control.precision) return text;
  const auto length = static_cast<int64_t>(characters_in(text));
  const int64_t width = control.width ? *control.width : *control.precision;
  const bool left = control.left || !control.width;
  const int64_t precision = control.precision.value_or(width);
  if (precision > width) malformed();
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

// The argument of ~s with binaries turned into lists, its nesting kept.
Term characters_of(const Term& data, bool unicode) {
  if (data.is_atom()) return Term::string(data.atom_text());
  if (data.is_binary()) {
    if (unicode) {
      const std::optional<std::u32string> text = chardata(data);
      if (text) return string_term(*text);
    }
    Terms bytes;
    for (const char c : data.bytes())
      bytes.emplace_back(static_cast<int64_t>(static_cast<unsigned char>(c)));
    return Term::list(std::move(bytes));
  }
  if (!data.is_list()) malformed();
  Terms all;
  for (const Term& element : data.elements()) {
    if (element.is_atom()) malformed();
    if (!element.is_small_integer()) {
      all.push_back(characters_of(element, unicode));
      continue;
    }
    if (element.as_integer() < 0 || element.as_integer() > (unicode ? 0x10ffff : 0xff)) malformed();
    all.push_back(element);
  }
  if (data.tail() != nullptr && !data.tail()->is_binary()) malformed();
  return data.tail() == nullptr
             ? Term::list(std::move(all), data.position())
             : Term::improper_list(std::move(all), characters_of(*data.tail(), unicode));
}

Term printed(const std::string& text, const Term& term) {
  const Term flat = Term::string(text);
  const bool simple = term.is_atom() || term.kind() == TermKind::Number;
  return simple ? flat : with_uncertain_shape(flat.elements());
}

std::string float_fixed(double value, int64_t digits) {
  if (digits < 1 || std::fabs(value) >= 1e15) malformed();
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
  if (precision < 2) malformed();
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

std::string lower(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

class Formatter {
 public:
  Formatter(Evaluator& evaluator, const Terms& arguments)
      : evaluator_(evaluator), arguments_(arguments) {}

  Term run(const std::u32string& format) {
    format_ = format;
    while (at_ < format_.size()) {
      const char32_t c = format_[at_++];
      if (c == U'~') {
        control();
      } else {
        literal(c);
      }
    }
    if (next_ != arguments_.size()) malformed();
    return Term::list(std::move(out_));
  }

 private:
  const Term& argument() {
    if (next_ == arguments_.size()) malformed();
    return arguments_[next_++];
  }

  void literal(char32_t c) {
    out_.emplace_back(static_cast<int64_t>(c));
    advance(c);
  }

  void advance(char32_t c) {
    column_ = c == U'\n' ? 0 : c == U'\t' ? (column_ + 8) / 8 * 8 : column_ + 1;
  }

  void advance_over(const Term& chars) {
    for (const char32_t c : chardata(chars).value_or(U""))
      advance(c);
  }

  // One element of the result, or the flat characters of a simple control.
  void element(const Term& chars) {
    out_.push_back(chars);
    advance_over(chars);
  }
  void flat(const Term& chars) {
    for (const char32_t c : chardata(chars).value_or(U""))
      literal(c);
  }

  char32_t peek() const { return at_ < format_.size() ? format_[at_] : 0; }

  std::optional<int64_t> number() {
    if (peek() == U'*') {
      ++at_;
      const Term& value = argument();
      if (!value.is_small_integer() || std::llabs(value.as_integer()) > 1 << 16) malformed();
      return value.as_integer();
    }
    if (peek() < U'0' || peek() > U'9') return {};
    int64_t value = 0;
    while (peek() >= U'0' && peek() <= U'9') {
      value = value * 10 + static_cast<int64_t>(format_[at_++] - U'0');
      if (value > 1 << 16) malformed();
    }
    return value;
  }

  Control read_control() {
    Control control;
    const bool minus = peek() == U'-';
    if (minus) ++at_;
    control.width = number();
    if (control.width && minus) control.width = -*control.width;
    if (minus && !control.width) malformed();
    control.left = control.width && *control.width < 0;
    if (control.left) control.width = -*control.width;
    if (peek() == U'.') {
      ++at_;
      control.precision = number();
      if (control.precision && *control.precision < 0) malformed();
    }
    if (peek() == U'.') {
      ++at_;
      if (peek() == U'*') {
        ++at_;
        const Term& pad = argument();
        if (!pad.is_small_integer()) malformed();
        control.pad = static_cast<char32_t>(pad.as_integer());
      } else {
        if (at_ == format_.size()) malformed();
        control.pad = format_[at_++];
      }
    }
    while (peek() == U't' || peek() == U'l' || peek() == U'k' || peek() == U'K') {
      if (peek() != U't') leave_to_vm("io_lib:format with the modifiers l, k or K");
      control.unicode = true;
      ++at_;
    }
    if (at_ == format_.size()) malformed();
    control.letter = format_[at_++];
    return control;
  }

  void control() {
    const Control c = read_control();
    switch (c.letter) {
      case U's':
        return string(c);
      case U'w':
        return plain(c);
      case U'p':
        return pretty(c);
      case U'b':
      case U'B':
      case U'+':
      case U'#':
        return integer(c, {});
      case U'x':
      case U'X':
        return prefixed(c);
      case U'c':
        return character(c, argument());
      case U'e':
      case U'f':
      case U'g':
        return floating(c);
      case U'n':
        return flat(padding(U'\n', c.width.value_or(1)));
      case U'~':
        return character(c, Term(int64_t{'~'}));
      case U'i':
        argument();
        return;
      default:
        leave_to_vm("io_lib:format with ~W, ~P or an unknown control");
    }
  }

  void string(const Control& c) {
    const Term& value = argument();
    const Term chars = characters_of(value, c.unicode);
    if (value.is_atom() && !c.unicode && !iodata(chars)) malformed();
    const Term text = string_in_field(chars, c);
    if (value.is_atom()) return flat(text);
    element(text);
  }

  void plain(const Control& c) {
    const Term& value = argument();
    check_printable(evaluator_, value);
    element(in_field(printed(print_plain(value, c.unicode), value), c, c.precision));
  }

  void pretty(const Control& c) {
    const Term& value = argument();
    check_printable(evaluator_, value);
    if (c.left) malformed();
    const int64_t column = c.precision.value_or(column_ + 1);
    const PrintOptions options{.unicode = c.unicode,
                               .width = static_cast<int>(c.width.value_or(80)),
                               .indent = static_cast<int>(std::max<int64_t>(column - 1, 0))};
    element(printed(print_pretty(value, options), value));
  }

  void integer(const Control& c, std::u32string prefix) {
    const Term value = argument();
    if (!value.is_integer()) malformed();
    const int64_t base = c.precision.value_or(10);
    if (base < 2 || base > 36) malformed();
    integer_with(c, value, static_cast<int>(base), std::move(prefix));
  }

  void integer_with(const Control& c, const Term& value, int base, std::u32string prefix) {
    if (c.letter == U'+' || c.letter == U'#') prefix = code_points(std::to_string(base) + "#");
    std::string digits = integer_text(value, base);
    const bool negative = digits.starts_with('-');
    if (negative) digits.erase(0, 1);
    if (c.letter == U'b' || c.letter == U'x' || c.letter == U'+') digits = lower(digits);
    const std::u32string text = (negative ? U"-" : U"") + prefix + code_points(digits);
    flat(in_field(string_term(text), c, {}));
  }

  void prefixed(const Control& c) {
    const Term value = argument();
    const Term& prefix = argument();
    const int64_t base = c.precision.value_or(10);
    if (!value.is_integer() || base < 2 || base > 36) malformed();
    const std::optional<std::u32string> text =
        prefix.is_atom() ? code_points(prefix.atom_text()) : chardata(prefix);
    if (!text) malformed();
    integer_with(c, value, static_cast<int>(base), *text);
  }

  void character(const Control& c, const Term& value) {
    if (!value.is_small_integer() || value.as_integer() < 0) malformed();
    const auto code =
        static_cast<char32_t>(c.unicode ? value.as_integer() : value.as_integer() & 0xff);
    if (!c.width && !c.precision) return flat(padding(code, 1));
    if (!c.width || !c.precision) return flat(padding(code, c.width ? *c.width : *c.precision));
    if (*c.width < *c.precision) malformed();
    flat(adjusted(padding(code, *c.precision), padding(c.pad, *c.width - *c.precision), c.left));
  }

  void floating(const Control& c) {
    const Term& value = argument();
    if (!value.is_float()) malformed();
    const int64_t precision = c.precision.value_or(6);
    if (precision > 100) malformed();
    const double number = value.as_float();
    const std::string text = c.letter == U'f'   ? float_fixed(number, precision)
                             : c.letter == U'e' ? float_scientific(number, precision)
                                                : float_general(number, precision);
    flat(in_field(Term::string(text), c, c.width));
  }

  Evaluator& evaluator_;
  const Terms& arguments_;
  size_t next_ = 0;
  std::u32string format_;
  size_t at_ = 0;
  Terms out_;
  int64_t column_ = 0;
};

}  // namespace

void check_printable(const Evaluator& evaluator, const Term& term) {
  if (term.is_map()) {
    for (const auto& [key, value] : entries_in_order(evaluator, term)) {
      check_printable(evaluator, key);
      check_printable(evaluator, value);
    }
  } else if (term.is_tuple() || term.is_list()) {
    for (const Term& element : term.elements())
      check_printable(evaluator, element);
    if (term.is_list() && term.tail() != nullptr) check_printable(evaluator, *term.tail());
  } else if (term.kind() == TermKind::Fun && as_evaluated_fun(term) != nullptr) {
    leave_to_vm("a printed fun");
  } else if (term.is_atom("maybe") || term.is_atom("else")) {
    leave_to_vm("a printed atom that is a reserved word in some releases");
  } else if (term.kind() == TermKind::Reference) {
    leave_to_vm("a printed reference");
  }
}

Term format_chars(Evaluator& evaluator, const Term& format, const Term& arguments) {
  std::optional<std::u32string> text =
      format.is_atom() ? code_points(format.atom_text()) : chardata(format);
  if (!text || !arguments.is_proper_list()) malformed();
  return Formatter(evaluator, arguments.elements()).run(*text);
}

}  // namespace relmk
