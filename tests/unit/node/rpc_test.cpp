#include "node/session/rpc.h"

#include "catch.h"
#include "fake_node.h"
#include "node/distribution/node_error.h"

namespace node_rpc_test {

using namespace relmk;
using namespace relmk::node;

namespace {

constexpr std::chrono::milliseconds kTimeout(10000);

// A pid of the node, as it encodes it.
Term process_of_node() {
  return term::decode_external(
      std::string("\x83\x58\x77\x04"
                  "a@bc"
                  "\0\0\0\x07\0\0\0\0\0\0\0\1",
                  20));
}

// Answers a SPAWN_REQUEST as erpc:execute_call/4 ends.
void answer(FakeNode& node, const Term& request, const Term& reason) {
  node.send(Term::tuple({Term(31), request[1], request[2], Term(2), process_of_node()}));
  node.send(Term::tuple({Term(28), process_of_node(), request[2], request[1]}), reason);
}

// A node whose processes end as `reason` says, given the reference of the call.
FakeNode& ending_with(FakeNode& node, const std::function<Term(const Term&)>& reason) {
  node.receive = [reason](FakeNode& self, const Term& control, const Term& payload) {
    if (control[0] == Term(29)) answer(self, control, reason(payload[0]));
    return true;
  };
  return node;
}

std::string failure(FakeNode& node) {
  Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
  Rpc rpc(connection, kTimeout);
  try {
    rpc.call("m", "f", {});
  } catch (const RemoteError& error) {
    return error.message();
  }
  return "returned";
}

}  // namespace

TEST_CASE("rpc: a node that sends other things without end has the time of the call, no more") {
  const auto failure_of = [](const std::string& message) {
    std::string packets;  // which come faster than they are read
    while (packets.size() < 1 << 20) {
      append_number(packets, message.size(), 4);
      packets += message;
    }
    std::atomic<bool> given_up = false;
    FakeNode node;
    node.receive = [&](FakeNode& self, const Term& control, const Term& payload) {
      const Deadline most = Deadline::after(kTimeout * 3);
      while (!given_up && !most.passed())
        self.send_packets(packets);
      if (!given_up)
        answer(self, control, Term::tuple({payload[0], Term::atom("return"), Term(1)}));
      return true;
    };
    Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
    std::string failure = "returned";
    try {
      Rpc(connection, std::chrono::milliseconds(10)).call("m", "f", {});
    } catch (const NodeError& error) {
      failure = error.message();
    }
    given_up = true;
    return failure;
  };
  const std::string expected = "no answer from fake@127.0.0.1 within 0.01 seconds";
  CHECK(failure_of("") == expected);
  const Term to_nobody = Term::tuple({Term(2), Term::atom(""), Term::atom("x")});
  CHECK(failure_of(message_of(to_nobody, Term::atom("y"))) == expected);
}

TEST_CASE("rpc: returns the value") {
  Term asked;
  FakeNode node;
  node.receive = [&](FakeNode& self, const Term& control, const Term& payload) {
    asked = payload;
    answer(self, control, Term::tuple({payload[0], Term::atom("return"), Term(42)}));
    return true;
  };
  Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
  Rpc rpc(connection, kTimeout);
  CHECK(rpc.call("lists", "seq", {Term(1), Term(2)}) == Term(42));
  CHECK(asked[1].is_atom("lists"));
  CHECK(asked[2].is_atom("seq"));
  CHECK(asked[3] == Term::list({Term(1), Term(2)}));
}

TEST_CASE("rpc: makes several calls by one question") {
  int questions = 0;
  Term asked;
  FakeNode node;
  node.receive = [&](FakeNode& self, const Term& control, const Term& payload) {
    ++questions;
    asked = payload;
    const Term results = Term::list({Term::atom("me"), Term(7)});
    answer(self, control, Term::tuple({payload[0], Term::atom("return"), results}));
    return true;
  };
  Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
  Rpc rpc(connection, kTimeout);
  const Terms results =
      rpc.call_all({{"erlang", "node", {}}, {"lists", "sum", {Term::list({Term(3), Term(4)})}}});
  CHECK(results == Terms{Term::atom("me"), Term(7)});
  CHECK(questions == 1);
  CHECK(asked[1].is_atom("lists"));
  CHECK(asked[2].is_atom("zipwith3"));
  CHECK(asked[3][1] == Term::list({Term::atom("erlang"), Term::atom("lists")}));
  CHECK(asked[3][3] == Term::list({Term(), Term::list({Term::list({Term(3), Term(4)})})}));
}

TEST_CASE("rpc: throws what the function does") {
  FakeNode thrown, exited, failed, killed;
  const auto tagged = [](const char* how, Terms more) {
    return [how, more](const Term& reference) {
      Terms reason{reference, Term::atom(how)};
      reason.insert(reason.end(), more.begin(), more.end());
      return Term::tuple(reason);
    };
  };
  CHECK(failure(ending_with(thrown, tagged("throw", {Term::atom("ball")}))) ==
        "RPC to fake@127.0.0.1 failed: {nocatch,ball}");
  CHECK(failure(ending_with(exited, tagged("exit", {Term::atom("bye")}))) ==
        "RPC to fake@127.0.0.1 failed: {'EXIT',bye}");
  CHECK(failure(ending_with(failed, tagged("error", {Term::atom("undef"), Term()}))) ==
        "RPC to fake@127.0.0.1 failed: {'EXIT',{undef,[]}}");
  CHECK(failure(ending_with(killed, [](const Term&) { return Term::atom("killed"); })) ==
        "RPC to fake@127.0.0.1 failed: {'EXIT',killed}");
}

TEST_CASE("rpc: tells a node that goes away") {
  FakeNode node;
  node.receive = [](FakeNode&, const Term&, const Term&) { return false; };
  Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
  Rpc rpc(connection, kTimeout);
  try {
    rpc.call("m", "f", {});
    FAIL("it returned");
  } catch (const NodeError& error) {
    CHECK(error.reason() == NodeError::Reason::Down);
  }
}

TEST_CASE("rpc: waits no longer than its deadline") {
  FakeNode node;
  node.receive = [](FakeNode&, const Term&, const Term&) { return true; };
  Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
  Rpc rpc(connection, std::chrono::milliseconds(50));
  try {
    rpc.call("m", "f", {});
    FAIL("it returned");
  } catch (const NodeError& error) {
    CHECK(error.reason() == NodeError::Reason::Timeout);
    CHECK(error.message() == "no answer from fake@127.0.0.1 within 0.05 seconds");
  }
}

TEST_CASE("rpc: answers ticks while it waits") {
  FakeNode node;
  {
    node.receive = [](FakeNode& self, const Term& control, const Term& payload) {
      self.tick();
      self.tick();
      answer(self, control, Term::tuple({payload[0], Term::atom("return"), Term()}));
      return true;
    };
    Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
    Rpc rpc(connection, kTimeout);
    rpc.call("m", "f", {});
  }
  // The connection is closed, and the node's thread at its end.
  for (int i = 0; i < 1000 && node.ticks < 2; ++i)
    usleep(1000);
  CHECK(node.ticks == 2);
}

TEST_CASE("rpc: hands out messages that come in pieces") {
  FakeNode node;
  node.receive = [](FakeNode& self, const Term& control, const Term& payload) {
    self.send_slowly(control[2], Term::atom("in_between"));
    answer(self, control, Term::tuple({payload[0], Term::atom("return"), Term()}));
    return true;
  };
  Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
  Rpc rpc(connection, kTimeout);
  std::vector<Term> messages;
  rpc.on_signal([&](const Signal& signal) { messages.push_back(*signal.payload); });
  rpc.call("m", "f", {});
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].is_atom("in_between"));
}

TEST_CASE("rpc: is not taken in by a signal that is too short") {
  FakeNode node;
  node.receive = [&](FakeNode& self, const Term& control, const Term& payload) {
    self.send(Term::tuple({Term(21), process_of_node(), control[2], control[1]}));
    answer(self, control, Term::tuple({payload[0], Term::atom("return"), Term(42)}));
    return true;
  };
  Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
  Rpc rpc(connection, kTimeout);
  CHECK(rpc.call("m", "f", {}) == Term(42));
}

}  // namespace node_rpc_test
