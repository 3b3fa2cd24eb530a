// A remote shell by a VM on this side: `erl -remsh`.
#pragma once

#include <chrono>

#include "node/session/target.h"
#include "sys/environment.h"

namespace relmk::node {

// Runs `erl` (that of BINDIR in the environment, else of PATH) until the user leaves it; returns
// its exit code. The cookie goes to it in a home of its own, so that no argument shows it. The node
// is asked for its net_ticktime, which may take `timeout`. Throws Error.
int run_vm_shell(const Target& target, std::chrono::milliseconds timeout,
                 const sys::Environment& environment);

}  // namespace relmk::node
