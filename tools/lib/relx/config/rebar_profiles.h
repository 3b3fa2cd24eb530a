// How rebar3 puts a configuration's terms and those of its profiles together.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "term/term.h"

namespace relmk::relx {

// The value of {Key, Value}; dict:from_list/1: the last of equal keys counts.
std::optional<Term> last_value(const Terms& list, std::string_view key);

// rebar_relx:merge_overlays: all overlay terms as one, at the front. A malformed one stays as it
// is.
Terms join_overlays(Terms terms);

// The terms of rebar.config's relx section when `profiles` are in force: rebar_opts:merge_opts and
// rebar_relx in OTP's rebar3.
Terms rebar_relx_terms(const Terms& rebar_config, const std::vector<std::string>& profiles);

}  // namespace relmk::relx
