// All that stands in the way of an upgrade, found without changing anything.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "node/upgrade/configuration.h"
#include "node/upgrade/node_state.h"
#include "node/upgrade/release_image.h"
#include "node/upgrade/relup_script.h"

namespace relmk::node {

struct UpgradeCheck {
  std::vector<Error> obstacles;    // none: the upgrade may begin
  std::vector<std::string> notes;  // worth knowing, no obstacles
  // What was found on the way; absent where an obstacle kept it from being found.
  std::optional<ReleaseImage> image;
  std::optional<RelupScript> script;
  std::optional<RenderedConfiguration> configuration;
  NodeState state;
  std::string from;            // the version that runs
  bool is_registered = false;  // release_handler knows the new version
  bool is_missing = false;     // it is neither unpacked nor in a tarball that can be used
};

// `process_limit` is how long a single process of the node may take to answer. Throws NodeError,
// RemoteError, where the node itself cannot be asked.
UpgradeCheck check_upgrade(Rpc& rpc, const start::ReleasePlace& release,
                           const start::Environment& environment, const std::string& version,
                           std::chrono::milliseconds process_limit, const Deadline& deadline);

// What the environment of the applications will get, change and lose: a line for each key.
std::vector<std::string> environment_changes(const NodeState& state, const ReleaseImage& image,
                                             const RenderedConfiguration& configuration);

}  // namespace relmk::node
