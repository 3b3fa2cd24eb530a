#include "enit/node_presence.h"

#include "node/distribution/connection.h"

namespace relmk::enit {

NodePresence presence_of(const node::NodeError& error) {
  using Reason = node::NodeError::Reason;
  switch (error.reason()) {
    case Reason::NoEpmd:
    case Reason::NotRegistered:
    case Reason::Refused:
    case Reason::HostNotFound:
      return {Presence::Offline, error.message()};
    case Reason::WrongCookie:
    case Reason::OtherNode:
    case Reason::NotAllowed:
      return {Presence::OtherCookie, error.message()};
    default:
      return {Presence::Silent, error.message()};
  }
}

NodePresence find_node(const node::Target& target, std::chrono::milliseconds timeout) {
  try {
    node::Connection(target.address, target.cookie.value, node::Deadline::after(timeout));
    return {Presence::Online, {}};
  } catch (const node::NodeError& error) {
    return presence_of(error);
  }
}

}  // namespace relmk::enit
