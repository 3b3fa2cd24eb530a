// `enit status`.
#pragma once

#include "enit/node_presence.h"
#include "enit/release.h"
#include "node/commands/node_status.h"

namespace relmk::enit {

struct ReleaseStatus {
  std::string release;
  std::string version;
  std::string node;
  std::string cookie;  // empty: not to be shown
  std::vector<std::string> extensions;
  bool is_online = false;
  std::vector<std::string> starting;  // of the applications that it names, those that don't run yet
  node::NodeStatus online;            // only where it is
};

// Asks the node. Throws NodeError where there is such a node, but it cannot be asked.
ReleaseStatus ask_status(const Release& release, std::chrono::milliseconds timeout,
                         const Environment& environment);

// Of the applications that the release names, those that the node's status does not have, as terms
// are printed.
std::vector<std::string> not_running(const Release& release, const node::NodeStatus& node);

// For people, in the form that enit's README shows, and as one JSON object with a newline.
std::string status_text(const ReleaseStatus& status);
std::string status_json(const ReleaseStatus& status);

}  // namespace relmk::enit
