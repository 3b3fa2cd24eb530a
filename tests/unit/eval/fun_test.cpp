#include "eval/evaluate/fun.h"

#include "catch.h"
#include "evaluated.h"

namespace eval_fun_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

Term fun_of(std::string_view text) {
  Bindings bindings;
  bindings.add(Atom("X"), 7);
  return Term::opaque(term::TermKind::Fun,
                      std::make_shared<EvaluatedFun>(expression_of(text), bindings));
}

}  // namespace

TEST_CASE("fun: knows its arity and the variables that it sees") {
  const Term fun = fun_of("fun(A, B) -> A + B + X end.");
  const EvaluatedFun* evaluated_fun = as_evaluated_fun(fun);
  REQUIRE(evaluated_fun != nullptr);
  CHECK(evaluated_fun->arity() == 2);
  REQUIRE(evaluated_fun->bindings().find(Atom("X")) != nullptr);
  CHECK(*evaluated_fun->bindings().find(Atom("X")) == Term(7));
  CHECK(as_external_fun(fun) == nullptr);
  CHECK(is_function(fun, 2));
  CHECK_FALSE(is_function(fun, 1));
}

TEST_CASE("fun: each evaluation makes another one") {
  const Term one = fun_of("fun() -> a end."), other = fun_of("fun() -> a end.");
  CHECK_FALSE(one == other);
  CHECK(one == one);
  CHECK(term::print_plain(one).starts_with("#Fun<erl_eval.0."));
}

TEST_CASE("fun: one of a module is a function too, an atom is not") {
  const Term external = term::ExternalFun::term(Atom("m"), Atom("f"), 3);
  REQUIRE(as_external_fun(external) != nullptr);
  CHECK(as_evaluated_fun(external) == nullptr);
  CHECK(is_function(external, 3));
  CHECK_FALSE(is_function(external, 2));
  CHECK_FALSE(is_function(Term::atom("f")));
  CHECK(as_evaluated_fun(Term(1)) == nullptr);
}

}  // namespace eval_fun_test
