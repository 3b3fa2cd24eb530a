// Erlang terms from text, as file:consult/1 reads them (erl_scan, erl_parse:parse_term).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sys/files.h"
#include "term/term.h"

namespace relmk::term {

// All terms of a file. Lists and tuples carry their positions. Throws Error with the position and
// words that Erlang gives.
Terms consult_file(const fs::path& path);

// The same of a text; `name` stands for the file in errors. A text whose last full stop lacks the
// newline after it is fine, as in OTP.
Terms consult_text(const std::string& name, std::string_view text);

// The first term of a file, whatever follows its full stop, as systools reads a file; nullopt where
// there is none.
std::optional<Term> consult_first_term(const fs::path& path);

}  // namespace relmk::term
