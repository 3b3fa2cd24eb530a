// A shell of the node, at this terminal: the node's own `shell`, whose group leader we are, without
// a VM on this side.
#pragma once

#include "node/target.h"

namespace relmk {

// Runs it until the user leaves (Ctrl-D), the shell ends, or the input does. Nothing of that stops
// the node. Throws NodeError.
void run_remote_shell(const Target& target, std::chrono::milliseconds timeout);

}  // namespace relmk
