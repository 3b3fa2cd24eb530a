#include "node/commands/evaluate.h"

#include <functional>

#include "catch.h"
#include "node/distribution/node_error.h"
#include "redirected.h"
#include "scratch.h"
#include "working_node.h"

namespace node_evaluate_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// What a command leaves at the standard streams.
struct Said {
  int code = -1;
  std::string out, errors;
};

Said said(const std::string& input, const std::function<int()>& command) {
  const Scratch scratch;
  sys::write_file(scratch.path / "in", input);
  Said said;
  {
    const Redirected in(STDIN_FILENO, scratch.path / "in", O_RDONLY);
    const Redirected out(STDOUT_FILENO, scratch.path / "out", O_WRONLY | O_CREAT);
    const Redirected errors(STDERR_FILENO, scratch.path / "errors", O_WRONLY | O_CREAT);
    said.code = command();
  }
  said.out = sys::read_file(scratch.path / "out");
  said.errors = sys::read_file(scratch.path / "errors");
  return said;
}

WorkingNode::Told ends_with(const Term& answer) {
  return [answer](const Term& tag) { return Terms{end_of_work(told_answer(tag, answer))}; };
}

const Term kShell = process_of_node();

Term more(const Term& tag) {
  return told_answer(tag, Term::tuple({Term::atom("more"), kShell}));
}

// A session of expressions, each of which has itself as its value; but `bad.` fails.
Target session(WorkingNode& node) {
  return node.target(
      [](const Term& tag) { return Terms{more(tag)}; },
      [](const Term& tag, const Term& message) {
        if (message[1].is_atom("eof")) return Terms{end_of_work(Term::tuple({tag, Term(0)}))};
        const std::string text = message[1].to_utf8();
        const Term failure = Term::tuple({Term::atom("raised"), Term::binary("exception")});
        return Terms{told_answer(tag, text == "bad.\n" ? failure : printed_value(text)), more(tag)};
      });
}

}  // namespace

TEST_CASE("evaluate: what a function prints goes to the standard streams, and then its value") {
  WorkingNode node;
  const Target target = node.target([](const Term& tag) {
    return Terms{told_text(tag, "print", "text\n"), told_text(tag, "log", "=ERROR=\n"),
                 end_of_work(told_answer(tag, printed_value("value\n")))};
  });
  const Said result = said("", [&] {
    return call_function(target, kPatience, {"m", "f", {Term(1)}}, {});
  });
  CHECK(result.code == 0);
  CHECK(result.out == "text\nvalue\n");
  CHECK(result.errors == "=ERROR=\n");
  CHECK(node.bound("Arguments") == Term::list({Term(1)}));
}

TEST_CASE(
    "evaluate: the code of a function that failed is the command's, and its words are errors") {
  WorkingNode node;
  const Target target =
      node.target(ends_with(Term::tuple({Term::atom("code"), Term(7), Term::binary("why\n")})));
  const Said result = said("", [&] {
    return call_function(target, kPatience, {"m", "f", {}}, {});
  });
  CHECK(result.code == 7);
  CHECK(result.out.empty());
  CHECK(result.errors == "why\n");
}

TEST_CASE("evaluate: a text is evaluated as it is, and what it raises is 1") {
  WorkingNode node;
  const Target target =
      node.target(ends_with(Term::tuple({Term::atom("raised"), Term::binary("exception")})));
  WorkOptions options;
  options.keep_output = true;
  const Said result = said("", [&] { return evaluate_text(target, kPatience, "1 + a", options); });
  CHECK(result.code == 1);
  CHECK(result.errors == "** exception\n");
  CHECK(proplist_value(node.bound("With"), "Text") == Term::string("1 + a"));
  CHECK(node.prints_itself());
}

TEST_CASE("evaluate: of the input, each expression has its value, and lines without an end wait") {
  WorkingNode node;
  const Target target = session(node);
  const Said result = said("1.\na +\nb.\n", [&] { return evaluate_input(target, kPatience, {}); });
  CHECK(result.code == 0);
  CHECK(result.out == "1.\na +\nb.\n");
  CHECK(result.errors.empty());
}

TEST_CASE("evaluate: one of the input that fails makes it 1, and those behind it are evaluated") {
  WorkingNode node;
  const Target target = session(node);
  const Said result = said("bad.\n2.\n", [&] { return evaluate_input(target, kPatience, {}); });
  CHECK(result.code == 1);
  CHECK(result.out == "2.\n");
  CHECK(result.errors == "** exception\n");
}

TEST_CASE("evaluate: input without an expression asks the node for nothing") {
  WorkingNode node;
  const Target target = session(node);
  CHECK(said("", [&] { return evaluate_input(target, kPatience, {}); }).code == 0);
}

TEST_CASE("evaluate: a node that is not there is told") {
  Target target;
  {
    WorkingNode gone;
    target = gone.target(ends_with(Term()));
  }
  CHECK_THROWS_AS(evaluate_text(target, kPatience, "1", {}), NodeError);
}

}  // namespace node_evaluate_test
