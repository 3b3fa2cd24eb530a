#include "eval/syntax/lint.h"

#include <set>

#include "catch.h"
#include "evaluated.h"

namespace eval_lint_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

// `unbound: NAME LINE:COLUMN`, `vm: WHAT`, or the variables that are bound afterwards.
std::string lint(const std::string& text, const std::vector<std::string>& given = {},
                 int otp_release = 25) {
  VariableNames bound;
  for (const std::string& name : given)
    bound.add(Atom(name), Standing::Bound);
  try {
    const ParsedScript script = parse_script("f", sys::code_points(text + "."), {});
    for (const ScriptForm& form : script.forms) {
      const auto unbound = lint_form(form, bound, otp_release);
      if (unbound)
        return "unbound: " + unbound->name.text() + " " + std::to_string(unbound->at.line) + ":" +
               std::to_string(unbound->at.column);
    }
  } catch (const UnknownToEvaluator& unknown) {
    return "vm: " + unknown.name();
  }
  std::set<std::string> sorted;
  bound.each_since({}, [&](Atom name, Standing) { sorted.insert(name.text()); });
  std::string names;
  for (const std::string& name : sorted)
    names += name + " ";
  return names;
}

}  // namespace

TEST_CASE("lint: variables that a form binds are there for the next one") {
  CHECK(lint("X = 1, {Y, _} = {2, 3}") == "X Y ");
  CHECK(lint("X = 1. Y = X + 1") == "X Y ");
  CHECK(lint("Y = X", {"X"}) == "X Y ");
}

TEST_CASE("lint: the first variable that nothing binds, where it stands") {
  CHECK(lint("a,\n  X + Y") == "unbound: X 2:3");
  CHECK(lint("fun() -> Z end") == "unbound: Z 1:10");
  CHECK(lint("[X || X <- [1]], X") == "unbound: X 1:18");
}

TEST_CASE("lint: a variable that not all branches bind is for the VM to refuse") {
  CHECK(lint("case a of b -> X = 1; c -> ok end, X").starts_with("vm: "));
  CHECK(lint("case a of b -> X = 1; c -> X = 2 end, X") == "X ");
}

TEST_CASE("lint: calls that the library lacks, and what no guard may hold") {
  CHECK(lint("ets:new(x, [])") == "vm: ets:new/2");
  CHECK(lint("foo(1)").starts_with("vm: "));
  CHECK(lint("if foo(1) -> a end").starts_with("vm: "));
  CHECK(lint("f() = 1").starts_with("vm: "));
}

TEST_CASE("lint: calls of the library are fine") {
  CHECK(lint("lists:reverse([1]), length([])").empty());
}

}  // namespace eval_lint_test
