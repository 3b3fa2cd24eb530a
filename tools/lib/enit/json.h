// Terms as JSON (RFC 8259).
#pragma once

#include <string>

#include "term/term.h"

namespace relmk::enit {

// A term as JSON has it: numbers, true and false, strings (lists of printable characters) and
// binaries and atoms as strings, other lists as arrays, maps of such keys as objects. What JSON has
// no form for (tuples, among others) is a string of Erlang's.
std::string json_value(const Term& term);

}  // namespace relmk::enit
