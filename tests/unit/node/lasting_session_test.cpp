#include "node/session/lasting_session.h"

#include "answering_node.h"
#include "catch.h"
#include "node/distribution/node_error.h"

namespace node_lasting_session_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// Until the node has closed the connection.
void serve_to_its_end(LastingSession& session) {
  const Deadline deadline = Deadline::after(kPatience);
  while (session.session() != nullptr && !deadline.passed())
    session.serve();
}

}  // namespace

TEST_CASE("lasting session: calls, until the node closes the connection") {
  AnsweringNode node;
  LastingSession session(node.target([](const std::string& name, const Terms&) {
    return name == "m:f" ? std::optional<Term>(5) : std::nullopt;
  }),
                         kPatience);
  CHECK(session.node() == "fake@127.0.0.1");
  CHECK(session.rpc().call("m", "f", {}) == Term(5));
  REQUIRE(session.session() != nullptr);
  CHECK(session.rejoin());
  CHECK_FALSE(session.try_call("m", "ends"));
  serve_to_its_end(session);
  CHECK(session.session() == nullptr);
  CHECK_FALSE(session.try_call("m", "f"));
}

TEST_CASE("lasting session: a closed connection is seen, and a node that is gone not joined") {
  AnsweringNode node;
  LastingSession session(node.target([](const std::string&, const Terms&) -> std::optional<Term> {
    return std::nullopt;
  }),
                         kPatience);
  session.rpc().signal(Term::tuple({Term(29), Term(1), Term(2), Term(3), Term(4), Term()}),
                       Term::list({Term(1), Term::atom("m"), Term::atom("f"), Term()}));
  serve_to_its_end(session);
  CHECK(session.session() == nullptr);
}

TEST_CASE("lasting session: a node that does not let us in is told") {
  AnsweringNode node;
  node.node.status = "not_allowed";
  CHECK_THROWS_AS(
      LastingSession(node.target([](const std::string&, const Terms&) -> std::optional<Term> {
        return std::nullopt;
      }),
                     kPatience),
      NodeError);
}

}  // namespace node_lasting_session_test
