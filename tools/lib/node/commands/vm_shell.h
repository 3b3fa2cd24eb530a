// A remote shell by a VM on this side: `erl -remsh`.
#pragma once

#include "node/session/rpc.h"
#include "node/session/target.h"

namespace relmk::node {

// Runs `erl` (that of $BINDIR, else of PATH) until the user leaves it; returns its exit code. The
// cookie goes to it in a home of its own, so that no argument shows it. `rpc` is asked for the
// node's net_ticktime. Throws Error.
int run_vm_shell(const Target& target, Rpc& rpc);

}  // namespace relmk::node
