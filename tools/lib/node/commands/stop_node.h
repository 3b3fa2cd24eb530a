// Stopping and restarting a node, and waiting until that is done.
#pragma once

#include <chrono>

#include "node/session/target.h"

namespace relmk::node {

// init:stop(), then waits until the node's OS process is gone (of a node on another machine, which
// cannot be seen: until it has closed the connection). Throws NodeError where it cannot be joined
// within `timeout`, Error, which says what still runs, when stopping takes longer than `patience`.
void stop_node(const Target& target, std::chrono::milliseconds timeout,
               std::chrono::milliseconds patience);

// init:restart(), then waits until the node has booted again in its process. Throws likewise, and
// Error when the process ends instead.
void restart_node(const Target& target, std::chrono::milliseconds timeout,
                  std::chrono::milliseconds patience);

// init:reboot(): the process ends, and heart starts another. Warns where there is no heart, or it
// has no command. Throws likewise.
void reboot_node(const Target& target, std::chrono::milliseconds timeout);

}  // namespace relmk::node
