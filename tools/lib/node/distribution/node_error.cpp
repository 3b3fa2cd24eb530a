#include "node/distribution/node_error.h"

#include <fmt/core.h>

namespace relmk::node {

bool NodeError::is_not_running() const {
  return reason_ == Reason::NoEpmd || reason_ == Reason::NotRegistered ||
         reason_ == Reason::Refused;
}

bool NodeError::may_pass() const {
  return is_not_running() || reason_ == Reason::Unreachable || reason_ == Reason::Down ||
         reason_ == Reason::Timeout || reason_ == Reason::EpmdSilent;
}

NodeError timeout_error(const std::string& node, const Deadline& deadline) {
  const double seconds = static_cast<double>(deadline.given().count()) / 1000.0;
  return {NodeError::Reason::Timeout, fmt::format("no answer from {} within {:g} second{}", node,
                                                  seconds, seconds == 1.0 ? "" : "s")};
}

}  // namespace relmk::node
