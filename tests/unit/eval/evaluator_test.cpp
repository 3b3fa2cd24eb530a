#include "eval/evaluate/evaluator.h"

#include "catch.h"
#include "evaluated.h"
#include "term/external_fun.h"

namespace eval_evaluator_test {

using namespace relmk;
using namespace relmk::eval;

TEST_CASE("evaluator: the value is that of the last expression, bindings last from form to form") {
  CHECK(evaluated("A = 1, B = A + 1, {A, B}.") == "{1,2}");
  CHECK(evaluated("A = 1. A + 1.") == "2");
  CHECK(evaluated("A = 1. A = 2.") == "error: {badmatch,2}");
}

TEST_CASE("evaluator: branches") {
  CHECK(evaluated("case {a, 1} of {b, _} -> no; {a, X} when X > 0 -> X end.") == "1");
  CHECK(evaluated("case 1 of 2 -> x end.") == "error: {case_clause,1}");
  CHECK(evaluated("if 1 > 2 -> a; true -> b end.") == "b");
  CHECK(evaluated("if false -> a end.") == "error: if_clause");
  CHECK(evaluated("false andalso throw(x).") == "false");
  CHECK(evaluated("1 andalso true.") == "error: {badarg,1}");
}

TEST_CASE("evaluator: exceptions are caught by their class") {
  CHECK(evaluated("try throw(x) catch throw:X -> {caught, X} end.") == "{caught,x}");
  CHECK(evaluated("try error(x) catch throw:_ -> no end.") == "error: x");
  CHECK(evaluated("try 1 of 2 -> x catch _:_ -> no end.") == "error: {try_clause,1}");
  CHECK(evaluated("try exit(x) catch exit:_ -> a after put_it_away end.") == "a");
  CHECK(evaluated("catch throw(x).") == "x");
}

TEST_CASE("evaluator: funs, also those that call themselves") {
  CHECK(evaluated("F = fun(X, Y) -> X - Y end, F(3, 1).") == "2");
  CHECK(evaluated("F = fun Fac(0) -> 1; Fac(N) -> N * Fac(N - 1) end, F(20).") ==
        "2432902008176640000");
  CHECK(evaluated("F = fun(X) -> X end, F(1, 2).").starts_with("error: {badarity,"));
  CHECK(evaluated("F = x, F().") == "error: {badfun,x}");
}

TEST_CASE("evaluator: a loop of a hundred thousand calls takes no stack") {
  CHECK(evaluated("F = fun Loop(0) -> done; Loop(N) -> Loop(N - 1) end, F(100000).") == "done");
}

TEST_CASE("evaluator: comprehensions and maps") {
  CHECK(evaluated("[{X, Y} || X <- [1, 2], Y <- [a], X > 1].") == "[{2,a}]");
  CHECK(evaluated("<< <<(X + 1)>> || <<X>> <= <<1, 2>> >>.") == "<<2,3>>");
  CHECK(evaluated("#{a := V} = #{a => 1, b => 2}, V.") == "1");
  CHECK(evaluated("M = #{a => 1}, M#{b := 2}.") == "error: {badkey,b}");
}

TEST_CASE("evaluator: what only a VM can do is left to it, by its name") {
  CHECK(evaluated("ets:new(x, []).") == "vm: ets:new/2");
  CHECK(evaluated("halt(3).") == "halt: 3");
}

TEST_CASE("evaluator: calls from outside") {
  ScriptOptions options;
  options.otp_release = "25";
  Evaluator evaluator(options);
  CHECK(evaluator.otp_release() == 25);
  const Term reverse = term::ExternalFun::term(Atom("lists"), Atom("reverse"), 1);
  const Term list = Term::list({1, 2});
  CHECK(evaluator.apply(reverse, {list}) == Term::list({2, 1}));
  CHECK(evaluator.apply(Term::atom("erlang"), Term::atom("length"), {list}) == Term(2));
  CHECK_THROWS_AS(evaluator.apply(Term(1), {}), Raised);
}

TEST_CASE("evaluator: what is printed is kept") {
  const ScriptOptions options;
  Evaluator evaluator(options);
  Bindings bindings;
  evaluator.evaluate_all({expression_of("io:format(\"a~s\", [b]).")}, bindings);
  evaluator.print("!");
  CHECK(evaluator.output() == "ab!");
  CHECK(evaluator.otp_release() == 0);
}

TEST_CASE("evaluator: updates maps as Erlang does") {
  CHECK(evaluated("M = #{b => 1}, [M#{a => 2}, M#{b => 2, c => 3, b := 4}, #{a => 1, a => 2}].") ==
        "[#{a => 2,b => 1},#{b => 4,c => 3},#{a => 2}]");
  CHECK(evaluated("M = #{b => 1}, M#{a := 2}.") == "error: {badkey,a}");
  CHECK(evaluated("M = #{1 => a, 1.0 => b}, [M#{1 := c}, M#{1.0 => d}, maps:put(1, e, M)].") ==
        "[#{1 => c,1.0 => b},#{1 => a,1.0 => d},#{1 => e,1.0 => b}]");
}

TEST_CASE("evaluator: limits what updates of maps copy") {
  ScriptOptions options;
  options.otp_release = "25";
  options.most_copied_entries = 100;
  const std::string map = "M = maps:from_keys(lists:seq(1, 40), 0), ";
  CHECK(evaluated(map + "maps:size(maps:remove(1, M#{1 => 2})).", options) == "39");
  for (const char* update :
       {"M#{1 => 2}", "maps:put(1, 2, M)", "maps:remove(1, M)", "maps:merge(M, M)"}) {
    const std::string three = std::string("[") + update + ", " + update + ", " + update + "].";
    CHECK_THROWS_WITH(evaluated(map + three, options),
                      Catch::Matchers::ContainsSubstring("copied more than 100 entries"));
  }
}

TEST_CASE("evaluator: appends many lists as one after the other") {
  CHECK(evaluated("[1] ++ [] ++ [2, 3] ++ 4.") == "[1,2,3|4]");
  CHECK(evaluated("[] ++ [] ++ a.") == "a");
  CHECK(evaluated("[1] ++ ([2] ++ [3]) ++ [4].") == "[1,2,3,4]");
  CHECK(evaluated("[1] ++ a ++ [2].") == "error: badarg");
  CHECK(evaluated("[1] ++ [2 | b] ++ [3].") == "error: badarg");
  CHECK_THROWS_WITH(
      evaluated("A = lists:seq(1, 500000), B = A ++ A ++ A ++ A ++ A, B ++ B ++ B ++ B ++ B."),
      "error: ++ makes a list of more than 10000000 elements");
}

}  // namespace eval_evaluator_test
