// Erlang's operators on values, as the functions of module `erlang` that stand for them.
#pragma once

#include "term/term.h"

namespace relmk::eval {

// `symbol` is one of the operators with that many operands; `andalso`, `orelse` and `!` are not.
bool is_operator(std::string_view symbol, size_t operands);

// Raises badarith, badarg, … as Erlang does.
Term apply_operator(std::string_view symbol, const Terms& operands);

}  // namespace relmk::eval
