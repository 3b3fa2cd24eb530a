// Text as nodes send it, unicode:chardata(), and in the encodings of the Erlang I/O protocol. Here
// text is UTF-8, or code points where single characters count.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "term/term.h"

namespace relmk::node {

enum class Encoding { Utf8, Latin1 };

// UTF-8 of a unicode:chardata() term, whose binaries are in `encoding`; nullopt when it is none, or
// holds a character that the encoding lacks.
std::optional<std::string> characters_to_utf8(const Term& characters,
                                              Encoding encoding = Encoding::Utf8);

// A list of characters.
Term character_list(std::u32string_view text);

// Bytes in Latin-1, as a device writes them: what that lacks is escaped, \x{20AC}.
std::string utf8_to_latin1(std::string_view text);

}  // namespace relmk::node
