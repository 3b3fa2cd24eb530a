// io_lib:write/1 and what stands in quotes.
#include "term/print.h"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <utility>

#include "term/float_digits.h"
#include "term/integer.h"
#include "term/scanner.h"

namespace relmk::term {

namespace {

// The letter that follows a backslash for a control character, 0 if it has none.
char control_escape(char32_t c) {
  switch (c) {
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\v':
      return 'v';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case 0x1b:
      return 'e';
    case 0x7f:
      return 'd';
    default:
      return 0;
  }
}

bool is_lower(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 0xdf && c <= 0xff && c != 0xf7);
}

bool is_name_character(char32_t c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
         (c >= '0' && c <= '9') || c == '_' || c == '@';
}

bool is_word(std::string_view text) {
  return is_reserved_word(text) || text == "maybe" || text == "else";
}

// Most atoms: of ASCII's letters, digits, `_` and `@`, which need no look at code points.
bool is_plain_ascii(std::string_view text) {
  if (text.empty() || text[0] < 'a' || text[0] > 'z') return false;
  for (const char c : text) {
    if (c < 0 || !is_name_character(static_cast<unsigned char>(c))) return false;
  }
  return !is_word(text);
}

bool needs_quotes(std::string_view word, std::u32string_view text) {
  if (text.empty() || !is_lower(text[0])) return true;
  for (const char32_t c : text) {
    if (!is_name_character(c)) return true;
  }
  return is_word(word);
}
void append_plain(std::string& out, const Term& term, bool unicode);

void append_list(std::string& out, const Term& list, bool unicode) {
  out += '[';
  for (const Term& element : list.elements()) {
    if (&element != &list.elements().front()) out += ',';
    append_plain(out, element, unicode);
  }
  if (list.tail() != nullptr) {
    out += '|';
    append_plain(out, *list.tail(), unicode);
  }
  out += ']';
}

void append_tuple(std::string& out, const Term& tuple, bool unicode) {
  out += '{';
  for (const Term& element : tuple.elements()) {
    if (&element != &tuple.elements().front()) out += ',';
    append_plain(out, element, unicode);
  }
  out += '}';
}

void append_map(std::string& out, const Term& map, bool unicode) {
  out += "#{";
  for (const Term::MapEntry& entry : map.entries()) {
    if (&entry != &map.entries().front()) out += ',';
    append_plain(out, entry.first, unicode);
    out += " => ";
    append_plain(out, entry.second, unicode);
  }
  out += '}';
}

void append_plain(std::string& out, const Term& term, bool unicode) {
  switch (term.kind()) {
    case TermKind::Number:
      out += print_number(term);
      return;
    case TermKind::Atom:
      out += print_atom(term.as_atom(), unicode);
      return;
    case TermKind::Tuple:
      append_tuple(out, term, unicode);
      return;
    case TermKind::Map:
      append_map(out, term, unicode);
      return;
    case TermKind::List:
      append_list(out, term, unicode);
      return;
    case TermKind::Bitstring:
      out += "<<";
      for (const std::string& segment : print_segments(term))
        out += segment;
      out += ">>";
      return;
    default:
      out += term.as_opaque().text();
      return;
  }
}

}  // namespace

// float_to_list(Float, [short]): the shorter of decimal and scientific notation, the former where
// they are equally long; always the latter from 2^53 on, where not every integer is a float.
std::string print_float(double value) {
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  const auto [digits, point] = shortest_digits(value);
  const int count = static_cast<int>(digits.size());
  const std::string sign = value < 0 ? "-" : "";
  const std::string scientific =
      fmt::format("{}.{}e{}", digits[0], count > 1 ? digits.substr(1) : "0", point - 1);
  std::string decimal;
  if (point <= 0) {
    decimal = "0." + std::string(static_cast<size_t>(-point), '0') + digits;
  } else if (point >= count) {
    decimal = digits + std::string(static_cast<size_t>(point - count), '0') + ".0";
  } else {
    decimal = digits.substr(0, static_cast<size_t>(point)) + "." +
              digits.substr(static_cast<size_t>(point));
  }
  const bool is_exact = std::fabs(value) < 0x1p53;
  return sign + (is_exact && decimal.size() <= scientific.size() ? decimal : scientific);
}

std::string print_number(const Term& number) {
  if (number.is_float()) return print_float(number.as_float());
  if (number.is_small_integer()) return std::to_string(number.as_integer());
  return integer_text(number.as_big().value);
}

std::vector<std::string> print_segments(const Term& bitstring) {
  std::vector<std::string> segments;
  const std::string& bytes = bitstring.bytes();
  const size_t whole = bitstring.bit_size() / 8;
  const size_t rest = bitstring.bit_size() % 8;
  segments.reserve(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    segments.push_back(i < whole ? std::to_string(byte)
                                 : fmt::format("{}:{}", byte >> (8 - rest), rest));
    if (i + 1 < bytes.size()) segments.back() += ',';
  }
  return segments;
}

std::string print_plain(const Term& term, bool unicode) {
  std::string out;
  append_plain(out, term, unicode);
  return out;
}

void append_quoted(std::string& out, char32_t c, char32_t quote, bool unicode) {
  if (c == quote || c == '\\') {
    out += '\\';
    sys::append_utf8(out, c);
  } else if (const char letter = control_escape(c)) {
    out += '\\';
    out += letter;
  } else if (c < ' ' || (c > '~' && c < 0xa0)) {
    out += fmt::format("\\{:03o}", static_cast<uint32_t>(c));
  } else if (c > 0xff && !unicode) {
    out += fmt::format("\\x{{{:X}}}", static_cast<uint32_t>(c));
  } else {
    sys::append_utf8(out, c);
  }
}

std::string print_quoted(std::u32string_view text, char32_t quote, bool unicode) {
  std::string out;
  out.reserve(text.size() + 2);
  sys::append_utf8(out, quote);
  for (const char32_t c : text)
    append_quoted(out, c, quote, unicode);
  sys::append_utf8(out, quote);
  return out;
}

std::string print_character(char32_t c, bool unicode) {
  if (c == ' ') return "$\\s";
  constexpr char32_t kNoQuote = 0x110000;
  std::string out = "$";
  append_quoted(out, c, kNoQuote, unicode);
  return out;
}

std::string print_atom(const Atom& atom, bool unicode) {
  if (is_plain_ascii(atom.text())) return atom.text();
  const std::u32string text = sys::code_points(atom.text());
  return needs_quotes(atom.text(), text) ? print_quoted(text, '\'', unicode) : atom.text();
}

}  // namespace relmk::term
