#include "node/distribution/node_error.h"

#include "catch.h"

namespace node_node_error_test {

using namespace relmk::node;
using Reason = NodeError::Reason;

TEST_CASE("node error: which may pass, as a node starts") {
  for (const Reason reason :
       {Reason::NoEpmd, Reason::NotRegistered, Reason::Refused, Reason::Unreachable, Reason::Down,
        Reason::Timeout, Reason::EpmdSilent})
    CHECK(NodeError(reason, "x").may_pass());
  for (const Reason reason : {Reason::HostNotFound, Reason::OtherNode, Reason::NotAllowed,
                              Reason::WrongCookie, Reason::Incompatible, Reason::Tls})
    CHECK_FALSE(NodeError(reason, "x").may_pass());
}

TEST_CASE("node error: which say that no such node runs") {
  CHECK(NodeError(Reason::NoEpmd, "x").is_not_running());
  CHECK_FALSE(NodeError(Reason::Down, "x").is_not_running());
  CHECK_FALSE(NodeError(Reason::Timeout, "x").is_not_running());
}

TEST_CASE("node error: a timeout tells how long was waited") {
  using std::chrono::milliseconds;
  const auto text = [](int time) {
    return timeout_error("a@b", Deadline::after(milliseconds(time))).text();
  };
  CHECK(text(60000) == "error: no answer from a@b within 60 seconds");
  CHECK(text(1000) == "error: no answer from a@b within 1 second");
  CHECK(text(250) == "error: no answer from a@b within 0.25 seconds");
}

}  // namespace node_node_error_test
