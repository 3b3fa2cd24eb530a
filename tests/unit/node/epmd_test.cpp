#include "node/distribution/epmd.h"

#include <sys/socket.h>

#include "catch.h"
#include "fake_epmd.h"
#include "node/distribution/node_error.h"

namespace node_epmd_test {

using namespace relmk;
using namespace relmk::node;

namespace {

const InternetAddress kLoopback{AF_INET, std::string("\x7f\0\0\1", 4)};

Deadline soon() {
  return Deadline::after(std::chrono::milliseconds(10000));
}

}  // namespace

TEST_CASE("epmd: tells a port") {
  const FakeEpmd epmd(std::string("\x77\0\x12\x34rest", 8));
  CHECK(look_up_port("x", kLoopback, epmd.port(), soon()) == 0x1234);
}

TEST_CASE("epmd: tells the names that it knows") {
  const FakeEpmd epmd(std::string("\0\0\x11\x11", 4) +
                      "name kazoo_apps at port 4711\nodd line\nname at at port at port 5\n");
  CHECK(registered_names(kLoopback, epmd.port(), soon()) ==
        std::vector<RegisteredName>{{"kazoo_apps", 4711}, {"at at port", 5}});
}

TEST_CASE("epmd: that is none is told") {
  const FakeEpmd epmd("hi");
  CHECK_THROWS_AS(registered_names(kLoopback, epmd.port(), soon()), NodeError);
}

}  // namespace node_epmd_test
