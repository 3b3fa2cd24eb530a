// Expressions of Elixir, evaluated by the node's own Elixir, as `elixir --rpc-eval` has them.
#pragma once

#include <string>

#include "node/session/rpc.h"

namespace relmk::node {

// Evaluates `text` on the node. What it prints is printed here; its value is not. What it raises
// goes to stderr as Elixir prints it. Returns the exit code: 0; 1 where it raises; N of
// exit({:shutdown, N}). Throws RemoteError where the node has no Elixir, NodeError where there is
// no answer in time.
int evaluate_elixir(Rpc& rpc, const std::string& text, const Deadline& deadline);

}  // namespace relmk::node
