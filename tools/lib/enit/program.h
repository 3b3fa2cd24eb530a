// Expressions that the node evaluates by its own erl_scan, erl_parse and erl_eval: no module of
// ours is loaded there.
#pragma once

#include <string>
#include <vector>

#include "node/session/rpc.h"

namespace relmk::enit {

// The value of the last of the expressions, in which these variables are bound. Throws what
// Rpc::call does; the deadline holds for the evaluation.
Term run_program(node::Rpc& rpc, const std::string& program,
                 std::vector<std::pair<std::string, Term>> variables,
                 const node::Deadline& deadline);

}  // namespace relmk::enit
