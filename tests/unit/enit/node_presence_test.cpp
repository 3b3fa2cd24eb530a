#include "enit/node_presence.h"

#include "catch.h"

namespace enit_node_presence_test {

using namespace relmk;
using namespace relmk::enit;
using Reason = node::NodeError::Reason;

namespace {

Presence presence(Reason reason) {
  return presence_of(node::NodeError(reason, "why")).presence;
}

}  // namespace

TEST_CASE("enit node presence: only where nothing says that there is a node it is offline") {
  for (const Reason reason :
       {Reason::NoEpmd, Reason::NotRegistered, Reason::Refused, Reason::HostNotFound})
    CHECK(presence(reason) == Presence::Offline);
  for (const Reason reason : {Reason::WrongCookie, Reason::OtherNode, Reason::NotAllowed})
    CHECK(presence(reason) == Presence::OtherCookie);
  for (const Reason reason : {Reason::Timeout, Reason::Down, Reason::Unreachable, Reason::Tls})
    CHECK(presence(reason) == Presence::Silent);
  CHECK(presence_of(node::NodeError(Reason::Timeout, "why")).why == "why");
}

}  // namespace enit_node_presence_test
