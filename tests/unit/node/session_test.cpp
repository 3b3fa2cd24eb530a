#include "node/session/session.h"

#include "catch.h"

namespace node_session_test {

using namespace relmk;
using namespace relmk::node;
using std::chrono::milliseconds;

TEST_CASE("session: rpc timeout is that of the environment") {
  CHECK(rpc_timeout({}) == milliseconds(60000));
  CHECK(rpc_timeout({{"RELX_RPC_TIMEOUT", "5"}}) == milliseconds(5000));
  CHECK(rpc_timeout({{"NODETOOL_TIMEOUT", "250"}}) == milliseconds(250));
  CHECK(rpc_timeout({{"RELX_RPC_TIMEOUT", "5"}, {"NODETOOL_TIMEOUT", "250"}}) ==
        milliseconds(5000));
  CHECK(rpc_timeout({{"RELX_RPC_TIMEOUT", ""}}) == milliseconds(60000));
  CHECK(rpc_timeout({{"RELX_RPC_TIMEOUT", "9223372036854775808"}}) > milliseconds(60000));
}

TEST_CASE("session: rpc timeout that is no number is refused") {
  CHECK_THROWS_AS(rpc_timeout({{"RELX_RPC_TIMEOUT", "abc"}}), Error);
  CHECK_THROWS_AS(rpc_timeout({{"NODETOOL_TIMEOUT", "5s"}}), Error);
  CHECK_THROWS_AS(rpc_timeout({{"RELX_RPC_TIMEOUT", "-1"}}), Error);
}

}  // namespace node_session_test
