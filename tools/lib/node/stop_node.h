// Stopping a node, and waiting until its process is gone.
#pragma once

#include <chrono>

#include "node/rpc.h"

namespace relmk {

// init:stop(), then waits until the node's OS process is gone (of a node on another machine, which
// cannot be seen: until it has closed the connection). Throws Error, which says what still runs,
// when that takes longer than `patience`.
void stop_node(Rpc& rpc, std::chrono::milliseconds patience);

}  // namespace relmk
