// Whether a release's node runs, as far as can be told from here.
#pragma once

#include <optional>
#include <string>

#include "node/distribution/node_error.h"
#include "node/session/target.h"

namespace relmk::enit {

enum class Presence {
  Offline,      // nothing says that there is such a node
  Online,       // it answers to the release's cookie
  OtherCookie,  // it runs with another cookie, or another node has its place
  Silent,       // it is there, but doesn't answer
};

struct NodePresence {
  Presence presence = Presence::Offline;
  std::string why;   // where it is not online
  std::string hint;  // what helps where it is neither online nor offline; may be empty
};

// What an error in joining the node says about it.
NodePresence presence_of(const node::NodeError& error);

// Joins the node for a moment.
NodePresence find_node(const node::Target& target, std::chrono::milliseconds timeout);

}  // namespace relmk::enit
