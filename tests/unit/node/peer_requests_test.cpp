#include "node/session/peer_requests.h"

#include <future>

#include "answering_node.h"
#include "catch.h"

namespace node_peer_requests_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// What a node gets for a signal that it sends us; `ours` says how we answer.
struct Asked {
  std::vector<std::pair<Term, Term>> got;
  bool accepted = false;
  FakeNode node;  // the last: its thread, which uses the others, ends before they do

  void ask(const std::function<Signal(const Term& self)>& signal,
           const PeerRequests::Function& function = {}) {
    std::promise<void> closed;
    node.receive = [&](FakeNode&, const Term& control, const Term& payload) {
      if (control[0].is_atom("end")) {
        closed.set_value();
        return false;
      }
      got.emplace_back(control, payload);
      return true;
    };
    Connection connection(node.listen(), "secret", Deadline::after(kPatience));
    Rpc rpc(connection, kPatience);
    PeerRequests requests(rpc);
    requests.on_call(function);
    accepted = requests.accept(signal(connection.self()));
    rpc.signal(Term::tuple({Term::atom("end")}));
    CHECK(closed.get_future().wait_for(kPatience) == std::future_status::ready);
  }
};

Term process() {
  return process_of_node();
}

Signal call_of(const char* module, const char* function) {
  return {
      Term::tuple({Term(29), Term(77), process(), process(),
                   Term::tuple({Term::atom("erpc"), Term::atom("execute_call"), Term(4)}), Term()}),
      Term::list({Term(5), Term::atom(module), Term::atom(function), Term()})};
}

}  // namespace

TEST_CASE("peer requests: a function that is here is answered with its value") {
  Asked asked;
  asked.ask([](const Term&) { return call_of("m", "f"); },
            [](std::string_view module, std::string_view function) {
              return module == "m" && function == "f" ? std::optional<Term>(42) : std::nullopt;
            });
  CHECK(asked.accepted);
  REQUIRE(asked.got.size() == 2);
  CHECK(asked.got[0].first[0] == Term(31));
  CHECK(asked.got[0].first[1] == Term(77));
  CHECK(asked.got[1].first[0] == Term(28));
  CHECK(asked.got[1].second == Term::tuple({Term(5), Term::atom("return"), Term(42)}));
}

TEST_CASE("peer requests: one that is not is not supported") {
  Asked asked;
  asked.ask([](const Term&) { return call_of("m", "g"); });
  CHECK(asked.accepted);
  REQUIRE(asked.got.size() == 1);
  CHECK(asked.got[0].first[4].is_atom("notsup"));
}

TEST_CASE("peer requests: of a process that is not here a monitor learns at once, of us nothing") {
  const auto monitor = [](const Term& watched) {
    return Signal{Term::tuple({Term(19), process(), watched, Term(9)}), {}};
  };
  Asked other;
  other.ask([&](const Term&) { return monitor(Term::atom("nobody")); });
  REQUIRE(other.got.size() == 1);
  CHECK(other.got[0].first[0] == Term(21));
  CHECK(other.got[0].first[4].is_atom("noproc"));
  Asked us;
  us.ask(monitor);
  CHECK(us.accepted);
  CHECK(us.got.empty());
}

TEST_CASE("peer requests: unlinking is confirmed, a message is no request") {
  Asked unlink;
  unlink.ask([](const Term& self) {
    return Signal{Term::tuple({Term(35), Term(3), process(), self}), {}};
  });
  REQUIRE(unlink.got.size() == 1);
  CHECK(unlink.got[0].first[0] == Term(36));
  Asked message;
  message.ask([](const Term& self) {
    return Signal{Term::tuple({Term(2), Term::atom(""), self}), Term(1)};
  });
  CHECK_FALSE(message.accepted);
}

}  // namespace node_peer_requests_test
