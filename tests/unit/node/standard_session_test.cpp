#include "node/session/standard_session.h"

#include "catch.h"
#include "node/distribution/node_error.h"
#include "redirected.h"
#include "scratch.h"
#include "working_node.h"

namespace node_standard_session_test {

using namespace relmk;
using namespace relmk::node;

TEST_CASE("standard session: a call has the node's answer, within the time of each call") {
  AnsweringNode node;
  const Target target = node.target([](const std::string& name, const Terms& arguments) {
    return std::optional(Term::tuple({Term::string(name), Term::list(arguments)}));
  });
  StandardSession session(target, kPatience);
  CHECK(session.rpc().call("m", "f", {Term(1)}) ==
        Term::tuple({Term::string("m:f"), Term::list({Term(1)})}));
}

TEST_CASE("standard session: what a process prints comes to standard output, between the calls") {
  const Scratch scratch;
  FakeNode node;
  node.receive = [](FakeNode& self, const Term& control, const Term& call) {
    if (control[0] != Term(29)) return true;
    const Term request = Term::tuple(
        {Term::atom("put_chars"), Term::atom("unicode"), Term::binary("from the node\n")});
    self.send(Term::tuple({Term(2), Term::atom(""), control[3]}),
              Term::tuple({Term::atom("io_request"), process_of_node(), control[1], request}));
    answer_call(self, control, call, Term::atom("done"));
    return true;
  };
  Target target;
  target.address = node.listen();
  target.cookie = {"secret", "test"};
  Term value;
  {
    const Redirected out(STDOUT_FILENO, scratch.path / "out", O_WRONLY | O_CREAT);
    StandardSession session(target, kPatience);
    value = session.rpc().call("m", "f", {});
    session.streams().write(session.rpc(), "from here\n");
  }
  CHECK(value == Term::atom("done"));
  CHECK(sys::read_file(scratch.path / "out") == "from the node\nfrom here\n");
}

TEST_CASE("standard session: a node that is not there, or has another cookie, is told") {
  Target target;
  {
    AnsweringNode node;
    target = node.target([](const std::string&, const Terms&) { return std::optional<Term>(); });
    Target stranger = target;
    stranger.cookie = {"another", "test"};
    CHECK_THROWS_AS(StandardSession(stranger, kPatience), NodeError);
  }
  CHECK_THROWS_AS(StandardSession(target, kPatience), NodeError);
}

}  // namespace node_standard_session_test
