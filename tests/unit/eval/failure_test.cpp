#include "eval/evaluate/failure.h"

#include "catch.h"
#include "term/print.h"

namespace eval_failure_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

template <typename Raise>
std::string raised_by(Raise raise) {
  try {
    raise();
  } catch (const Raised& raised) {
    return raised.exception_class().text() + " " + term::print_plain(raised.reason());
  }
  return "nothing";
}

}  // namespace

TEST_CASE("failure: errors by their reason") {
  CHECK(raised_by([] { raise_badarg(); }) == "error badarg");
  CHECK(raised_by([] { raise_error("undef"); }) == "error undef");
  CHECK(raised_by([] { raise_error("badmatch", Term(5)); }) == "error {badmatch,5}");
  CHECK(raised_by([] { raise_error(Term::list({1})); }) == "error [1]");
}

TEST_CASE("failure: the first place and the first origin count") {
  Raised raised(Atom("error"), Term::atom("x"));
  CHECK_FALSE(raised.position());
  raised.set_position({2, 3});
  raised.set_position({9, 9});
  CHECK(raised.position() == Position{2, 3});
  raised.set_origin(Atom("m"), Atom("f"), 2);
  raised.set_origin(Atom("other"), Atom("g"), 0);
  CHECK(term::print_plain(raised.stacktrace()) == "[{m,f,2,[]}]");
}

TEST_CASE("failure: what is not known has a name and a place") {
  const UnknownToEvaluator unknown("ets:new/2", {4, 1});
  CHECK(unknown.name() == "ets:new/2");
  CHECK(unknown.position() == Position{4, 1});
  CHECK(Halted(3).code() == 3);
}

TEST_CASE("failure: an expression's own is erl_eval's") {
  CHECK(raised_by([] { fail_at({}, Term::atom("if_clause")); }) == "error if_clause");
  CHECK(raised_by([] { fail_at({}, "badmatch", Term(1)); }) == "error {badmatch,1}");
  bool is_raised = false;
  try {
    fail_at({3, 1}, Term(1));
  } catch (const Raised& raised) {
    is_raised = raised.position() == Position{3, 1} && raised.stacktrace() == stack_of_expression();
  }
  CHECK(is_raised);
}

}  // namespace eval_failure_test
