#include "node/session/character_data.h"

#include <fmt/core.h>

#include "sys/utf8.h"

namespace relmk::node {
namespace {

bool append_characters(std::string& out, const Term& term, Encoding encoding) {
  const bool latin1 = encoding == Encoding::Latin1;
  if (term.is_small_integer()) {
    const int64_t c = term.as_integer();
    if (c < 0 || c > (latin1 ? 0xff : 0x10ffff) || (c >= 0xd800 && c <= 0xdfff)) return false;
    sys::append_utf8(out, static_cast<char32_t>(c));
    return true;
  }
  if (term.is_binary()) {
    out += latin1 ? sys::utf8(sys::latin1_code_points(term.bytes())) : term.bytes();
    return true;
  }
  if (!term.is_list()) return false;
  for (const Term& element : term.elements()) {
    if (!append_characters(out, element, encoding)) return false;
  }
  return term.tail() == nullptr || append_characters(out, *term.tail(), encoding);
}

}  // namespace

std::optional<std::string> characters_to_utf8(const Term& characters, Encoding encoding) {
  std::string out;
  if (characters.is_small_integer() || !append_characters(out, characters, encoding))
    return std::nullopt;
  return out;
}

Term character_list(std::u32string_view text) {
  Terms elements;
  elements.reserve(text.size());
  for (const char32_t c : text)
    elements.emplace_back(static_cast<int64_t>(c));
  return Term::list(std::move(elements));
}

std::string utf8_to_latin1(std::string_view text) {
  std::string out;
  for (const char32_t c : sys::code_points(text)) {
    if (c <= 0xff) {
      out += static_cast<char>(c);
    } else {
      out += fmt::format("\\x{{{:X}}}", static_cast<uint32_t>(c));
    }
  }
  return out;
}

}  // namespace relmk::node
