// Where several nodes listen, asked of all at once.
#pragma once

#include <optional>
#include <vector>

#include "node/distribution/connection.h"
#include "node/distribution/node_error.h"

namespace relmk::node {

// A node, and on which address and port it listens, or why that is not known.
struct Whereabouts {
  NodeAddress address;  // with `interface` and `port` where there is no failure
  std::optional<NodeError> failure;
};

// In the order of `nodes`. Each epmd is asked once for all of its names (which is as quick as to
// ask it for one), and all epmds at the same time. A node whose port is given is not looked for. No
// node is connected to: that one is registered does not say that it answers.
std::vector<Whereabouts> find_registered(const std::vector<NodeAddress>& nodes,
                                         const Deadline& deadline);

}  // namespace relmk::node
