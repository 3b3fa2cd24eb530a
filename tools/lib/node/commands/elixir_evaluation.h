// Expressions of Elixir, evaluated by the node's own Elixir, as `elixir --rpc-eval` has them.
#pragma once

#include <chrono>
#include <string>

#include "node/distribution/deadline.h"
#include "node/session/guardian.h"
#include "node/session/target.h"

namespace relmk::node {

// Evaluates `text` on the node. What it prints is printed here; its value is not. What it raises
// goes to stderr as Elixir prints it, and so do its log events, which stay in the node's log. It
// has until `deadline`, everything else `timeout`. Returns the exit code: 0; 1 where it raises; N
// of exit({:shutdown, N}). Throws RemoteError where the node has no Elixir, NodeError where there
// is no answer in time.
int evaluate_elixir(const Target& target, std::chrono::milliseconds timeout,
                    const std::string& text, const Deadline& deadline, const WorkOptions& options);

// The exit code where on_node/elixir.exprs answered that; what was raised is told on stderr. Throws
// RemoteError where the node has no Elixir, NodeError where the answer is another one.
int elixir_exit_code(const Term& answer, const std::string& node);

}  // namespace relmk::node
