#include "node/connection.h"

#include "catch.h"
#include "fake_node.h"
#include "node/node_error.h"
#include "term/print.h"

using namespace relmk;

namespace {

Deadline soon() {
  return Deadline::after(std::chrono::seconds(10));
}

NodeError::Reason failure(FakeNode& node, const std::string& cookie = "secret") {
  try {
    const Connection connection(node.listen(), cookie, soon());
  } catch (const NodeError& error) {
    return error.reason();
  }
  FAIL("it joined");
  return NodeError::Reason::Down;
}

}  // namespace

TEST_CASE("ConnectionHasTheNameThatTheNodeGave") {
  FakeNode node;
  Connection connection(node.listen(), "secret", soon());
  CHECK(connection.node() == "fake@127.0.0.1");
  CHECK(encode_external(connection.self()).find("XYZ@here") != std::string::npos);
  CHECK(connection.new_reference() != connection.new_reference());
}

TEST_CASE("ConnectionTellsAWrongCookie") {
  FakeNode node;
  CHECK(failure(node, "wrong") == NodeError::Reason::WrongCookie);
}

TEST_CASE("ConnectionTellsANodeThatDoesNotKnowTheCookieItself") {
  // What it sends back proves nothing.
  FakeNode node;
  node.cookie = "other";
  CHECK(failure(node) == NodeError::Reason::WrongCookie);
}

TEST_CASE("ConnectionTellsAnotherNode") {
  FakeNode node;
  node.name = "other@127.0.0.1";
  CHECK(failure(node) == NodeError::Reason::OtherNode);
}

TEST_CASE("ConnectionTellsThatItIsNotAllowed") {
  FakeNode node;
  node.status = "not_allowed";
  CHECK(failure(node) == NodeError::Reason::NotAllowed);
}

TEST_CASE("ConnectionTellsWhatIsNoNodeOfToday") {
  FakeNode node;
  node.status = "ok";
  CHECK(failure(node) == NodeError::Reason::Incompatible);
}

TEST_CASE("ConnectionTellsThatNobodyListens") {
  NodeAddress address;
  address.name = {"fake", "127.0.0.1"};
  address.port = 1;
  try {
    const Connection connection(address, "secret", soon());
    FAIL("it joined");
  } catch (const NodeError& error) {
    CHECK(error.reason() == NodeError::Reason::Refused);
    CHECK(error.may_pass());
    CHECK(error.message().find("Node is not running!") == 0);
  }
}
