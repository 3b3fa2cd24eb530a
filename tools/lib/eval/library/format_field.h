// What io_lib:format makes of one argument in a field of some width, nested as io_lib nests it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "term/term.h"

namespace relmk::eval {

// A control sequence, ~F.P.PadModC.
struct FormatControl {
  std::optional<int64_t> width;
  bool left = false;
  std::optional<int64_t> precision;
  char32_t pad = U' ';
  bool unicode = false;
  char32_t letter = 0;
};

// A format that its arguments don't fit: what that raises is left to the VM.
[[noreturn]] void malformed_format();

// N times a character.
Term padding(char32_t c, int64_t count);
// The text with padding behind it (`left`) or in front.
Term adjusted(const Term& text, const Term& pad, bool left);
// The text in a field of a width: stars where it is too long.
Term in_field(const Term& text, const FormatControl& control, std::optional<int64_t> precision);
// ~s: cut or padded to the field, and before that to the precision.
Term string_in_field(const Term& text, const FormatControl& control);
// The argument of ~s with binaries turned into lists, its nesting kept.
Term characters_of(const Term& data, bool unicode);

// ~f, ~e and ~g.
std::string float_fixed(double value, int64_t digits);
std::string float_scientific(double value, int64_t precision);
std::string float_general(double value, int64_t precision);

}  // namespace relmk::eval
