// JSON (RFC 8259), as far as enit writes it.
#pragma once

#include <string>
#include <string_view>

#include "term/term.h"

namespace relmk::enit {

// A text in quotes. Bytes that are no UTF-8 count as Latin-1.
std::string json_string(std::string_view text);

// A term as JSON has it: numbers, true and false, strings (lists of printable characters) and
// binaries and atoms as strings, other lists as arrays, maps of such keys as objects. What JSON has
// no form for (tuples, among others) is a string of Erlang's.
std::string json_value(const Term& term);

}  // namespace relmk::enit
