#include "node/distribution/connection.h"

#include "catch.h"
#include "fake_node.h"
#include "node/distribution/node_error.h"
#include "term/print.h"

namespace node_connection_test {

using namespace relmk;
using namespace relmk::node;

namespace {

Deadline soon() {
  return Deadline::after(std::chrono::seconds(10));
}

NodeError error_of(FakeNode& node, const std::string& cookie = "secret") {
  try {
    const Connection connection(node.listen(), cookie, soon());
  } catch (const NodeError& error) {
    return error;
  }
  FAIL("it joined");
  return {NodeError::Reason::Down, ""};
}

NodeError::Reason failure(FakeNode& node, const std::string& cookie = "secret") {
  return error_of(node, cookie).reason();
}

// Flags of dist.hrl.
constexpr uint64_t kExtendedReferences = 0x4;
constexpr uint64_t kUtf8Atoms = 0x10000;
constexpr uint64_t kMapTag = 0x20000;
constexpr uint64_t kBigCreation = 0x40000;
constexpr uint64_t kUnlinkId = 0x2000000;
constexpr uint64_t kMandatory25Digest = 0x4000000;
constexpr uint64_t kSpawn = uint64_t{1} << 32;
constexpr uint64_t kV4Nc = uint64_t{4} << 32;
constexpr uint64_t kOfTheFuture = uint64_t{1} << 47;

}  // namespace

TEST_CASE("connection: has the name that the node gave") {
  FakeNode node;
  Connection connection(node.listen(), "secret", soon());
  CHECK(connection.node() == "fake@127.0.0.1");
  CHECK(term::encode_external(connection.self()).find("XYZ@here") != std::string::npos);
  CHECK(connection.new_reference() != connection.new_reference());
}

TEST_CASE("connection: tells a wrong cookie") {
  FakeNode node;
  CHECK(failure(node, "wrong") == NodeError::Reason::WrongCookie);
}

TEST_CASE("connection: tells a node that does not know the cookie itself") {
  // What it sends back proves nothing.
  FakeNode node;
  node.cookie = "other";
  CHECK(failure(node) == NodeError::Reason::WrongCookie);
}

TEST_CASE("connection: tells another node") {
  FakeNode node;
  node.name = "other@127.0.0.1";
  CHECK(failure(node) == NodeError::Reason::OtherNode);
}

TEST_CASE("connection: tells that it is not allowed") {
  FakeNode node;
  node.status = "not_allowed";
  CHECK(failure(node) == NodeError::Reason::NotAllowed);
}

TEST_CASE("connection: tells what is no node of today") {
  FakeNode node;
  node.status = "ok";
  CHECK(failure(node) == NodeError::Reason::Incompatible);
}

TEST_CASE("connection: joins a node that demands what OTP 27 does") {
  FakeNode node;
  node.demands = kMandatory25Digest | kUnlinkId | kV4Nc;
  CHECK_NOTHROW(Connection(node.listen(), "secret", soon()));
}

TEST_CASE("connection: joins a node that demands the flags of before OTP 25") {
  FakeNode node;
  node.demands = kExtendedReferences | kUtf8Atoms | kMapTag | kBigCreation;
  CHECK_NOTHROW(Connection(node.listen(), "secret", soon()));
}

TEST_CASE("connection: joins a node that says one flag for those of OTP 25") {
  FakeNode node;
  node.flags &= ~(kExtendedReferences | kUtf8Atoms | kMapTag | kBigCreation);
  CHECK_NOTHROW(Connection(node.listen(), "secret", soon()));
}

TEST_CASE("connection: tells of a node that demands more than we can") {
  FakeNode node;
  node.demands = kOfTheFuture;
  const NodeError error = error_of(node);
  CHECK(error.reason() == NodeError::Reason::Incompatible);
  CHECK(error.message().find("demands distribution flags") != std::string::npos);
}

TEST_CASE("connection: tells of a node that can do less than is needed") {
  FakeNode node;
  node.flags = 0xfffffffff & ~(kSpawn | kMandatory25Digest | kMapTag);
  const NodeError error = error_of(node);
  CHECK(error.reason() == NodeError::Reason::Incompatible);
  CHECK(error.message().find("flags 0x100020000") != std::string::npos);
}

TEST_CASE("connection: tells that nobody listens") {
  NodeAddress address;
  address.name = {"fake", "127.0.0.1"};
  address.port = 1;
  try {
    const Connection connection(address, "secret", soon());
    FAIL("it joined");
  } catch (const NodeError& error) {
    CHECK(error.reason() == NodeError::Reason::Refused);
    CHECK(error.may_pass());
    CHECK(error.message().find("cannot connect to 127.0.0.1 port 1") == 0);
  }
}

}  // namespace node_connection_test
