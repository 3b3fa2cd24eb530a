// Text in terms, as Erlang's modules unicode and erlang have it: deep lists of numbers and
// binaries.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "term/term.h"

namespace relmk::term {

enum class Encoding { Utf8, Latin1 };

// Code points of a unicode:chardata() term; nullopt for what is none: a character that there is
// not, a binary that is no UTF-8, a number outside of a list.
std::optional<std::u32string> chardata(const Term& term);

// The same as UTF-8. In Latin-1 each byte of a binary is a character, and there are 256 of them.
std::optional<std::string> chardata_utf8(const Term& term, Encoding encoding = Encoding::Utf8);

// Bytes of an iodata() term; nullopt for what is none.
std::optional<std::string> iodata(const Term& term);

// A list of characters.
Term character_list(std::u32string_view text);

}  // namespace relmk::term
