#include "node/session/evaluator.h"

#include "catch.h"
#include "fake_node.h"
#include "node/distribution/node_error.h"
#include "node/session/session.h"

namespace node_evaluator_test {

using namespace relmk;
using namespace relmk::node;

namespace {

constexpr std::chrono::milliseconds kTimeout(10000);

class NoTerminal : public Terminal {
 public:
  void write(Rpc&, std::string_view) override {}
  Line read_line(Rpc&, const ReadRequest&) override { return {}; }
};

// The value of a binding among the arguments of the guardian's erl_eval:exprs/4.
Term bound(const Term& call, const char* name) {
  return proplist_value(call[3][1], name).value_or(Term::atom("unbound"));
}

// What a guardian of the node tells its client, given the tag.
using Messages = std::function<Terms(const Term& tag)>;

Term end_of_work(const Term& reason) {
  return Term::tuple({Term::atom("DOWN"), Term(1), Term::atom("process"), Term(2), reason});
}

// Runs `ask` with an evaluator of a node whose guardians tell that.
struct Asked {
  std::string printed, logged;
  Term request;

  void run(const Messages& messages, const std::function<void(Evaluator&)>& ask) {
    FakeNode node;
    node.receive = [&](FakeNode& self, const Term& control, const Term& payload) {
      if (control[0] != Term(29)) return true;
      request = payload;
      const Term tag = bound(payload, "Tag");
      for (const Term& message : messages(tag)) {
        self.send(Term::tuple({Term(2), Term::atom(""), control[2]}), Term::tuple({tag, message}));
      }
      return true;
    };
    NoTerminal terminal;
    Session session(Connection(node.listen(), "secret", Deadline::after(kTimeout)), kTimeout,
                    terminal);
    Evaluator evaluator(session.rpc(), session.group_leader(),
                        {[this](std::string_view text) { printed += text; },
                         [this](std::string_view text) { logged += text; }});
    ask(evaluator);
  }
};

Term printed(const char* text) {
  return Term::tuple({Term::atom("printed"), Term::binary(text), Term::atom("none")});
}

}  // namespace

TEST_CASE("EvaluatorPrintsPiecesAndLogEventsInTheirOrder") {
  Asked asked;
  asked.run(
      [](const Term& tag) {
        const auto told = [&](const char* what, const char* text) {
          return Term::tuple({tag, Term::tuple({Term::atom(what), Term::binary(text)})});
        };
        return Terms{told("log", "=ERROR=\n"), told("print", "[1,"),
                     end_of_work(Term::tuple({tag, printed("2]\n")}))};
      },
      [](Evaluator& evaluator) { CHECK(evaluator.evaluate("lists:seq(1, 2)").code == 0); });
  CHECK(asked.printed == "[1,2]\n");
  CHECK(asked.logged == "=ERROR=\n");
  CHECK(bound(asked.request, "Own").is_atom("false"));
}

TEST_CASE("EvaluatorTellsAnExceptionAsTheShell") {
  Asked asked;
  asked.run(
      [](const Term& tag) {
        return Terms{end_of_work(Term::tuple(
            {tag,
             Term::tuple({Term::atom("raised"), Term::binary("exception error: bad\n  in x")})}))};
      },
      [](Evaluator& evaluator) {
        const Evaluator::Outcome outcome = evaluator.evaluate("x()");
        CHECK(outcome.code == 1);
        CHECK(outcome.failure == "** exception error: bad\n  in x\n");
      });
}

TEST_CASE("EvaluatorHasTheCodeOfAnRpcError") {
  Asked asked;
  asked.run(
      [](const Term& tag) {
        return Terms{end_of_work(
            Term::tuple({tag, Term::tuple({Term::atom("code"), Term(7), Term::binary("why\n")})}))};
      },
      [](Evaluator& evaluator) {
        const Evaluator::Outcome outcome = evaluator.call({"m", "f", {}});
        CHECK(outcome.code == 7);
        CHECK(outcome.failure == "why\n");
      });
  CHECK(asked.printed.empty());
}

TEST_CASE("EvaluatorTellsWorkThatWasKilled") {
  Asked asked;
  asked.run([](const Term&) { return Terms{end_of_work(Term::atom("killed"))}; },
            [](Evaluator& evaluator) {
              CHECK_THROWS_AS(evaluator.call({"m", "f", {}}), RemoteError);
            });
}

TEST_CASE("EvaluatorRefusesAnswersOfAnotherForm") {
  for (const Term& answer : {Term(), Term(1), Term::tuple({Term::atom("printed")}),
                             Term::tuple({Term::atom("value"), Term::tuple({})}),
                             Term::tuple({Term::atom("raised"), Term(1), Term(2), Term(3)})}) {
    Asked asked;
    asked.run(
        [&](const Term& tag) {
          return Terms{end_of_work(Term::tuple({tag, answer}))};
        },
        [](Evaluator& evaluator) {
          CHECK_THROWS_AS(evaluator.call({"m", "f", {}}), NodeError);
        });
  }
}

TEST_CASE("EvaluatorPassesOverMessagesOfStrangers") {
  Asked asked;
  asked.run(
      [](const Term& tag) {
        return Terms{Term::tuple({Term::atom("hello"), Term(1)}), Term(),
                     end_of_work(Term::tuple({tag, printed("ok\n")}))};
      },
      [](Evaluator& evaluator) {
        evaluator.call({"m", "f", {}});
      });
  CHECK(asked.printed == "ok\n");
}

}  // namespace node_evaluator_test
