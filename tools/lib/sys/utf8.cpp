#include "sys/utf8.h"

#include <algorithm>

namespace relmk::sys {

Utf8Character utf8_character(std::string_view bytes) {
  const auto byte = [&](size_t k) { return static_cast<unsigned char>(bytes[k]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || size > bytes.size()) return {};
  char32_t c = lead & (0xff >> (size + 1));
  for (size_t k = 1; k < size; ++k) {
    if ((byte(k) & 0xc0) != 0x80) return {};
    c = (c << 6) | (byte(k) & 0x3f);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < kLeast[size] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return {};
  return {c, size};
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

std::string utf8(std::u32string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char32_t c) { return c < 0x80; }))
    return {text.begin(), text.end()};
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text)
    append_utf8(out, c);
  return out;
}

std::u32string code_points(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character c = utf8_character(text);
    out += c.size > 0 ? c.code_point : static_cast<unsigned char>(text[0]);
    text.remove_prefix(c.size > 0 ? c.size : 1);
  }
  return out;
}

std::u32string latin1_code_points(std::string_view bytes) {
  std::u32string out;
  out.reserve(bytes.size());
  for (const char c : bytes)
    out += static_cast<unsigned char>(c);
  return out;
}

}  // namespace relmk::sys
