#include "node/node_error.h"

#include <fmt/format.h>

namespace relmk {

bool NodeError::may_pass() const {
  switch (reason_) {
    case Reason::NoEpmd:
    case Reason::NotRegistered:
    case Reason::Refused:
    case Reason::Down:
    case Reason::Timeout:
      return true;
    default:
      return false;
  }
}

NodeError timeout_error(const std::string& node, const Deadline& deadline) {
  const double seconds = static_cast<double>(deadline.given().count()) / 1000.0;
  return {NodeError::Reason::Timeout, fmt::format("no answer from {} within {:g} second{}", node,
                                                  seconds, seconds == 1.0 ? "" : "s")};
}

}  // namespace relmk
