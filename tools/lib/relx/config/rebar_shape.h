// The shape of the terms of rebar.config that a release is made from, outside of relx's own list.
#pragma once

#include <string>
#include <vector>

#include "term/term.h"

namespace relmk::relx {

// Throws Error, with the term's position in `file`, where `relx`, `profiles` or another term that
// counts for a release is no {Key, Value} with a value of its kind, in the file itself or in one of
// the `profiles` in force; so where a term there is neither a tuple nor an atom. rebar3 takes some
// of these for absent, and makes another release than was asked for.
void check_rebar_shape(const Terms& terms, const std::vector<std::string>& profiles,
                       const std::string& file);

}  // namespace relmk::relx
