// Erlang terms as text, as io_lib prints them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "term/term.h"

namespace relmk::term {

struct PrintOptions {
  bool unicode = false;  // ~tp, ~tw: characters beyond Latin-1 stand for themselves
  int width = 80;        // columns at which ~p breaks lines
  int indent = 0;        // column at which the term starts (0-based)
};

// ~w or ~tw, UTF-8.
std::string print_plain(const Term& term, bool unicode = false);
// ~p or ~tp, UTF-8: strings as strings, lines broken as io_lib_pretty breaks them.
std::string print_pretty(const Term& term, const PrintOptions& options = {});
// An atom as it must be written, quoted where it has to be.
// (`maybe` and `else`, which are reserved from OTP 27 on, are always quoted.)
std::string print_atom(const Atom& atom, bool unicode = false);
// A text in quotes, with escapes; characters beyond Latin-1 as \x{…} unless `unicode`.
std::string print_quoted(std::u32string_view text, char32_t quote, bool unicode = false);
// Appends a character of such a text, with its backslash where it needs one.
void append_quoted(std::string& out, char32_t c, char32_t quote, bool unicode);

std::string print_number(const Term& number);
// As float_to_list(Float, [short]).
std::string print_float(double value);
// What stands between << and >> when a bitstring is printed as numbers, a comma at the end of each
// but the last: `1,`, `2,`, `3:4`.
std::vector<std::string> print_segments(const Term& bitstring);
// $a, as it must be written.
std::string print_character(char32_t c, bool unicode = false);

}  // namespace relmk::term
