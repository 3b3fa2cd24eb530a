#include "eval/library/format.h"

#include <algorithm>

#include "eval/evaluate/fun.h"
#include "eval/library/erlang.h"
#include "eval/library/format_field.h"
#include "eval/library/support.h"
#include "sys/utf8.h"
#include "term/character_data.h"
#include "term/print.h"

namespace relmk::eval {
namespace {

Term printed(const std::string& text, const Term& term) {
  const Term flat = Term::string(text);
  const bool simple = term.is_atom() || term.kind() == term::TermKind::Number;
  return simple ? flat : with_uncertain_shape(flat.elements());
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
    if (next_ != arguments_.size()) malformed_format();
    return Term::list(std::move(out_));
  }

 private:
  const Term& argument() {
    if (next_ == arguments_.size()) malformed_format();
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
    for (const char32_t c : term::chardata(chars).value_or(U""))
      advance(c);
  }

  // One element of the result, or the flat characters of a simple control.
  void element(const Term& chars) {
    out_.push_back(chars);
    advance_over(chars);
  }
  void flat(const Term& chars) {
    for (const char32_t c : term::chardata(chars).value_or(U""))
      literal(c);
  }

  char32_t peek() const { return at_ < format_.size() ? format_[at_] : 0; }

  std::optional<int64_t> number() {
    if (peek() == U'*') {
      ++at_;
      const Term& value = argument();
      if (!value.is_small_integer() || std::llabs(value.as_integer()) > 1 << 16) malformed_format();
      return value.as_integer();
    }
    if (peek() < U'0' || peek() > U'9') return {};
    int64_t value = 0;
    while (peek() >= U'0' && peek() <= U'9') {
      value = value * 10 + static_cast<int64_t>(format_[at_++] - U'0');
      if (value > 1 << 16) malformed_format();
    }
    return value;
  }

  FormatControl read_control() {
    FormatControl control;
    const bool minus = peek() == U'-';
    if (minus) ++at_;
    control.width = number();
    if (control.width && minus) control.width = -*control.width;
    if (minus && !control.width) malformed_format();
    control.left = control.width && *control.width < 0;
    if (control.left) control.width = -*control.width;
    if (peek() == U'.') {
      ++at_;
      control.precision = number();
      if (control.precision && *control.precision < 0) malformed_format();
    }
    if (peek() == U'.') {
      ++at_;
      if (peek() == U'*') {
        ++at_;
        const Term& pad = argument();
        if (!pad.is_small_integer()) malformed_format();
        control.pad = static_cast<char32_t>(pad.as_integer());
      } else {
        if (at_ == format_.size()) malformed_format();
        control.pad = format_[at_++];
      }
    }
    while (peek() == U't' || peek() == U'l' || peek() == U'k' || peek() == U'K') {
      if (peek() != U't') leave_to_vm("io_lib:format with the modifiers l, k or K");
      control.unicode = true;
      ++at_;
    }
    if (at_ == format_.size()) malformed_format();
    control.letter = format_[at_++];
    return control;
  }

  void control() {
    const FormatControl c = read_control();
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

  void string(const FormatControl& c) {
    const Term& value = argument();
    const Term chars = characters_of(value, c.unicode);
    if (value.is_atom() && !c.unicode && !term::iodata(chars)) malformed_format();
    const Term text = string_in_field(chars, c);
    if (value.is_atom()) return flat(text);
    element(text);
  }

  void plain(const FormatControl& c) {
    const Term& value = argument();
    check_printable(evaluator_, value);
    element(in_field(printed(term::print_plain(value, c.unicode), value), c, c.precision));
  }

  void pretty(const FormatControl& c) {
    const Term& value = argument();
    check_printable(evaluator_, value);
    if (c.left) malformed_format();
    const int64_t column = c.precision.value_or(column_ + 1);
    const term::PrintOptions options{.unicode = c.unicode,
                                     .width = static_cast<int>(c.width.value_or(80)),
                                     .indent = static_cast<int>(std::max<int64_t>(column - 1, 0))};
    element(printed(term::print_pretty(value, options), value));
  }

  void integer(const FormatControl& c, std::u32string prefix) {
    const Term value = argument();
    if (!value.is_integer()) malformed_format();
    const int64_t base = c.precision.value_or(10);
    if (base < 2 || base > 36) malformed_format();
    integer_with(c, value, static_cast<int>(base), std::move(prefix));
  }

  void integer_with(const FormatControl& c, const Term& value, int base, std::u32string prefix) {
    if (c.letter == U'+' || c.letter == U'#') prefix = sys::code_points(std::to_string(base) + "#");
    std::string digits = integer_text(value, base);
    const bool negative = digits.starts_with('-');
    if (negative) digits.erase(0, 1);
    if (c.letter == U'b' || c.letter == U'x' || c.letter == U'+') digits = lower(digits);
    const std::u32string text = (negative ? U"-" : U"") + prefix + sys::code_points(digits);
    flat(in_field(term::character_list(text), c, {}));
  }

  void prefixed(const FormatControl& c) {
    const Term value = argument();
    const Term& prefix = argument();
    const int64_t base = c.precision.value_or(10);
    if (!value.is_integer() || base < 2 || base > 36) malformed_format();
    const std::optional<std::u32string> text =
        prefix.is_atom() ? sys::code_points(prefix.atom_text()) : term::chardata(prefix);
    if (!text) malformed_format();
    integer_with(c, value, static_cast<int>(base), *text);
  }

  void character(const FormatControl& c, const Term& value) {
    if (!value.is_small_integer() || value.as_integer() < 0) malformed_format();
    const auto code =
        static_cast<char32_t>(c.unicode ? value.as_integer() : value.as_integer() & 0xff);
    if (!c.width && !c.precision) return flat(padding(code, 1));
    if (!c.width || !c.precision) return flat(padding(code, c.width ? *c.width : *c.precision));
    if (*c.width < *c.precision) malformed_format();
    flat(adjusted(padding(code, *c.precision), padding(c.pad, *c.width - *c.precision), c.left));
  }

  void floating(const FormatControl& c) {
    const Term& value = argument();
    if (!value.is_float()) malformed_format();
    const int64_t precision = c.precision.value_or(6);
    if (precision > 100) malformed_format();
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

void check_kinds(const Evaluator& evaluator, const Term& term) {
  if (term.is_map()) {
    for (const auto& [key, value] : entries_in_order(evaluator, term)) {
      check_kinds(evaluator, key);
      check_kinds(evaluator, value);
    }
  } else if (term.is_tuple() || term.is_list()) {
    for (const Term& element : term.elements())
      check_kinds(evaluator, element);
    if (term.is_list() && term.tail() != nullptr) check_kinds(evaluator, *term.tail());
  } else if (term.kind() == term::TermKind::Fun && as_evaluated_fun(term) != nullptr) {
    leave_to_vm("a printed fun");
  } else if (term.is_atom("maybe") || term.is_atom("else")) {
    leave_to_vm("a printed atom that is a reserved word in some releases");
  } else if (term.kind() == term::TermKind::Reference) {
    leave_to_vm("a printed reference");
  }
}

}  // namespace

void check_printable(const Evaluator& evaluator, const Term& term) {
  if (has_uncertain_shape(term)) leave_to_vm("printing of iodata or a stack");
  check_kinds(evaluator, term);
}

Term format_chars(Evaluator& evaluator, const Term& format, const Term& arguments) {
  const bool is_deep =
      format.is_list() && !std::all_of(format.elements().begin(), format.elements().end(),
                                       [](const Term& c) { return c.is_integer(); });
  if (is_deep) leave_to_vm("io_lib:format with a deep list for its format");
  std::optional<std::u32string> text =
      format.is_atom() ? sys::code_points(format.atom_text()) : term::chardata(format);
  if (!text || !arguments.is_proper_list()) malformed_format();
  return Formatter(evaluator, arguments.elements()).run(*text);
}

}  // namespace relmk::eval
