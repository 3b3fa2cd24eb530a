// release.toml: what relx.config can say, in TOML's own forms. README.md has its keys.
#pragma once

#include <string>
#include <string_view>

#include "term/term.h"

namespace relmk::relx {

// The terms of the relx.config that says the same, `mode` before what it sets by default, the rest
// in the order of the text; tuples and strings have the positions of their keys and values.
// Throws Error with the position and what is expected there. An unknown key is a warning, or an
// Error where the text sets warnings_as_errors.
Terms release_toml_terms(const std::string& file, std::string_view text);

}  // namespace relmk::relx
