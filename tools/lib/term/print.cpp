// io_lib:write/1 and what stands in quotes.
#include "term/print.h"

#include <fmt/format.h>

#include "term/scanner.h"

namespace relmk {

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

bool needs_quotes(std::string_view word, std::u32string_view text) {
  if (text.empty() || !is_lower(text[0])) return true;
  for (const char32_t c : text) {
    if (!is_name_character(c)) return true;
  }
  return is_reserved_word(word) || word == "maybe" || word == "else";
}

}  // namespace

std::string print_quoted(std::u32string_view text, char32_t quote, bool unicode) {
  std::string out;
  out.reserve(text.size() + 2);
  append_utf8(out, quote);
  for (const char32_t c : text) {
    if (c == quote || c == '\\') {
      out += '\\';
      append_utf8(out, c);
    } else if (const char letter = control_escape(c)) {
      out += '\\';
      out += letter;
    } else if (c < ' ' || (c > '~' && c < 0xa0)) {
      out += fmt::format("\\{:03o}", static_cast<uint32_t>(c));
    } else if (c > 0xff && !unicode) {
      out += fmt::format("\\x{{{:X}}}", static_cast<uint32_t>(c));
    } else {
      append_utf8(out, c);
    }
  }
  append_utf8(out, quote);
  return out;
}

std::string print_atom(const Atom& atom, bool unicode) {
  const std::u32string text = code_points(atom.text());
  return needs_quotes(atom.text(), text) ? print_quoted(text, '\'', unicode) : atom.text();
}

}  // namespace relmk
