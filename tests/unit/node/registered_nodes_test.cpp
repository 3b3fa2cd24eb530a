#include "node/distribution/registered_nodes.h"

#include "catch.h"
#include "fake_epmd.h"

namespace node_registered_nodes_test {

using namespace relmk::node;

namespace {

Deadline soon() {
  return Deadline::after(std::chrono::milliseconds(10000));
}

NodeAddress at(const char* name, uint16_t epmd_port) {
  NodeAddress node;
  node.name = {name, "127.0.0.1"};
  node.epmd_port = epmd_port;
  return node;
}

}  // namespace

TEST_CASE("registered nodes: are found by one question to each epmd") {
  const FakeEpmd one(std::string("\0\0\x11\x11", 4) + "name a at port 4711\nname b at port 4712\n");
  const FakeEpmd other(std::string("\0\0\x11\x11", 4) + "name c at port 4713\n");
  const auto found = find_registered(
      {at("a", one.port()), at("c", other.port()), at("missing", one.port()), at("b", one.port())},
      soon());
  REQUIRE(found.size() == 4);
  CHECK(found[0].address.port == 4711);
  CHECK(found[0].address.interface == "127.0.0.1");
  CHECK(found[1].address.port == 4713);
  CHECK(found[2].failure.value().reason() == NodeError::Reason::NotRegistered);
  CHECK(found[3].address.port == 4712);
  CHECK_FALSE(found[3].failure);
  CHECK(one.times_asked() == 1);
  CHECK(other.times_asked() == 1);
}

TEST_CASE("registered nodes: of a host without epmd") {
  const auto found = find_registered({at("a", 1), at("b", 1)}, soon());
  CHECK(found[0].failure.value().reason() == NodeError::Reason::NoEpmd);
  CHECK(found[1].failure.value().reason() == NodeError::Reason::NoEpmd);
}

TEST_CASE("registered nodes: of which the port is known are not looked for") {
  NodeAddress node = at("a", 1);
  node.port = 4711;
  const auto found = find_registered({node}, soon());
  CHECK(found[0].address.port == 4711);
  CHECK_FALSE(found[0].failure);
}

}  // namespace node_registered_nodes_test
