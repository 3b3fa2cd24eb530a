#include "enit/node_presence.h"

#include "node/distribution/connection.h"
#include "node/session/join.h"

namespace relmk::enit {

NodePresence presence_of(const node::NodeError& error) {
  using Reason = node::NodeError::Reason;
  switch (error.reason()) {
    case Reason::NoEpmd:
    case Reason::NotRegistered:
    case Reason::Refused:
    case Reason::HostNotFound:
      return {Presence::Offline, error.message(), error.hint()};
    case Reason::WrongCookie:
    case Reason::OtherNode:
    case Reason::NotAllowed:
      return {Presence::OtherCookie, error.message(), error.hint()};
    default:
      return {Presence::Silent, error.message(), error.hint()};
  }
}

NodePresence find_node(const node::Target& target, std::chrono::milliseconds timeout) {
  try {
    node::Connection(target.address, target.cookie.value, node::Deadline::after(timeout));
    return {Presence::Online, {}, {}};
  } catch (const node::NodeError& error) {
    const NodePresence found = presence_of(error);
    // A node that is offline may start just now: its process is then nothing to complain about.
    return found.presence == Presence::Offline ? found
                                               : presence_of(explained(error, target, timeout));
  }
}

}  // namespace relmk::enit
