// Joining a node, with a reason that helps where that fails: what of the node is there.
#pragma once

#include "node/distribution/connection.h"
#include "node/distribution/node_error.h"
#include "node/session/target.h"

namespace relmk::node {

// The failure of a Connection to the target, with a reason that helps. Where no node of the name
// runs, it begins with relx's `Node is not running!`, and tells the names that epmd knows; where
// the node's process is there, it names that and what can be done; of another cookie it says where
// ours is from. What is asked for that may take `timeout`, which the connection had; of ports that
// may be the node's each a tenth of it, or a second.
NodeError explained(const NodeError& error, const Target& target,
                    std::chrono::milliseconds timeout);

// Throws NodeError, as explained() has it.
Connection join(const Target& target, const Deadline& deadline);

// Waits until the node can be joined, no longer than `patience`; each try may take `timeout`.
// Throws NodeError.
void await_node(const Target& target, std::chrono::milliseconds timeout,
                std::chrono::milliseconds patience);

}  // namespace relmk::node
