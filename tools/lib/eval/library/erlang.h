// The parts of module erlang: what turns terms of one type into another, exceptions and what is
// asked of the runtime; integers and floats as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "eval/library/library.h"

namespace relmk::eval {

LibraryTable erlang_conversions();
LibraryTable erlang_runtime();

// An integer in a base from 2 to 36, with a sign where it has one; nullopt when it is none.
std::optional<Term> parse_integer(std::string_view text, int base);
// A float as list_to_float/1 wants it: with a fraction.
std::optional<Term> parse_float(std::string_view text);
// An integer in a base, in capitals.
std::string integer_text(const Term& integer, int base);

}  // namespace relmk::eval
