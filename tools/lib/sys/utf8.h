// UTF-8, as Erlang has it: no surrogates, shortest forms only.
#pragma once

#include <string>
#include <string_view>

namespace relmk::sys {

struct Utf8Character {
  char32_t code_point = 0;
  size_t size = 0;  // in bytes; 0: the bytes are no UTF-8
};

// The first character of `bytes`, which are not empty.
Utf8Character utf8_character(std::string_view bytes);

void append_utf8(std::string& out, char32_t code_point);

std::string utf8(std::u32string_view text);

// The code points of a UTF-8 text; a byte that is not UTF-8 stands for itself, Latin-1.
std::u32string code_points(std::string_view text);

// The code points of a Latin-1 text: its bytes.
std::u32string latin1_code_points(std::string_view bytes);

}  // namespace relmk::sys
