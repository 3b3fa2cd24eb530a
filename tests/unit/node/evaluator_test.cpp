#include "node/session/evaluator.h"

#include "catch.h"
#include "node/distribution/node_error.h"
#include "node/session/session.h"
#include "working_node.h"

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

// Runs `ask` with an evaluator of a node whose guardians tell that.
struct Asked {
  std::string printed, logged;
  WorkingNode node;

  void run(const WorkingNode::Told& told, const std::function<void(Evaluator&)>& ask) {
    NoTerminal terminal;
    Session session(Connection(node.target(told).address, "secret", Deadline::after(kTimeout)),
                    kTimeout, terminal);
    Evaluator evaluator(session.rpc(), session.group_leader(),
                        {[this](std::string_view text) { printed += text; },
                         [this](std::string_view text) { logged += text; }});
    ask(evaluator);
  }
};

}  // namespace

TEST_CASE("evaluator: prints pieces and log events in their order") {
  Asked asked;
  asked.run(
      [](const Term& tag) {
        return Terms{told_text(tag, "log", "=ERROR=\n"), told_text(tag, "print", "[1,"),
                     end_of_work(told_answer(tag, printed_value("2]\n")))};
      },
      [](Evaluator& evaluator) { CHECK(evaluator.evaluate("lists:seq(1, 2)").code == 0); });
  CHECK(asked.printed == "[1,2]\n");
  CHECK(asked.logged == "=ERROR=\n");
  CHECK_FALSE(asked.node.prints_itself());
}

TEST_CASE("evaluator: tells an exception as the shell") {
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

TEST_CASE("evaluator: has the code of an rpc error") {
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

TEST_CASE("evaluator: tells work that was killed") {
  Asked asked;
  asked.run([](const Term&) { return Terms{end_of_work(Term::atom("killed"))}; },
            [](Evaluator& evaluator) {
              CHECK_THROWS_AS(evaluator.call({"m", "f", {}}), RemoteError);
            });
}

TEST_CASE("evaluator: refuses answers of another form") {
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

TEST_CASE("evaluator: passes over messages of strangers") {
  Asked asked;
  asked.run(
      [](const Term& tag) {
        return Terms{Term::tuple({Term::atom("hello"), Term(1)}), Term(),
                     end_of_work(Term::tuple({tag, printed_value("ok\n")}))};
      },
      [](Evaluator& evaluator) {
        evaluator.call({"m", "f", {}});
      });
  CHECK(asked.printed == "ok\n");
}

}  // namespace node_evaluator_test
