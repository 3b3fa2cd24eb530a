#include "eval/evaluate/script.h"

#include <cstdlib>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "term/print.h"

namespace eval_script_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

struct Outcome {
  std::string value;  // or the error's text after the file
  std::string handed_over;
  std::string printed;
};

// What is handed over goes to a program that fails.
Outcome outcome(const std::string& text, const std::string& release = "25",
                const std::string& erl = "false") {
  const Scratch scratch;
  const fs::path file = scratch.path / "a.script";
  sys::write_file(file, text);
  Outcome result;
  ScriptOptions options;
  options.erl = erl;
  options.otp_release = release;
  options.handed_over = [&](const std::string& name) { result.handed_over = name; };
  options.output = [&](std::string_view printed) { result.printed += printed; };
  try {
    result.value = term::print_plain(evaluate_script(file, {{"CONFIG", Term::list({1})}}, options));
  } catch (const Error& error) {
    result.value = error.text().substr(file.string().size());
  }
  return result;
}

// As outcome(), by the real erl where it is handed over.
Outcome handed_over(const std::string& text) {
  return outcome(text, "25", "erl");
}

}  // namespace

TEST_CASE("script: the value is that of the last form") {
  CHECK(outcome("X = 1.\nY = [X | CONFIG].\n{Y, a}.\n").value == "{[1,1],a}");
  CHECK(outcome("CONFIG.").value == "[1]");
}

TEST_CASE("script: a script without forms has no value") {
  CHECK(outcome("% nothing\n").value == ": error: no value returned from script");
}

TEST_CASE("script: an error stands where the failing expression does") {
  CHECK(outcome("X = 1,\nfoo,\n{X, 2} = {X, 3}.").value ==
        ":3:1: error: evaluation failed with reason error:{badmatch,{1,3}}");
  CHECK(outcome("F = fun(X) ->\n  X + a\nend,\nF(1).").value ==
        ":2:5: error: evaluation failed with reason error:badarith");
  CHECK(outcome("lists:nth(3,\n [a]).").value ==
        ":1:1: error: evaluation failed with reason error:function_clause");
  CHECK(outcome("ok.\nX + 1.").value ==
        ":2:1: error: evaluation failed with reason error:{unbound_var,'X'}");
}

TEST_CASE("script: the first error counts, and later forms are evaluated all the same") {
  const Outcome failed = outcome("throw(a).\nio:format(\"later~n\").\nthrow(b).\n");
  CHECK(failed.value == ":1:1: error: evaluation failed with reason throw:a");
  CHECK(failed.printed == "later\n");
}

TEST_CASE("script: a form that fails binds nothing") {
  CHECK(outcome("{X, 1} = {1, 2}.\nX = 5.\nX.").value.find(":1:1: error:") == 0);
}

TEST_CASE("script: what the evaluator does not know is named, before anything is done") {
  const Outcome unknown = outcome("io:format(\"x\"),\nets:new(a, []).");
  CHECK(unknown.handed_over == "ets:new/2");
  CHECK(unknown.printed.empty());
  CHECK(outcome("self().").handed_over == "self/0");
  CHECK(outcome("receive a -> b end.").handed_over == "receive");
  CHECK(outcome("M = foo, M:bar(1).").handed_over == "foo:bar/1");
}

TEST_CASE("script: printed text does not appear twice when a script is handed over late") {
  const Outcome late = outcome("io:format(\"x\"), M = foo, M:bar(1).");
  CHECK(late.handed_over == "foo:bar/1");
  CHECK(late.printed.empty());
}

TEST_CASE("script: a hand-over finds directory and environment as they were") {
  const fs::path before = fs::current_path();
  const Outcome late = outcome(
      "ok = file:set_cwd(\"/\"), os:putenv(\"RELMK_TEST_LEFT\", \"1\"), M = foo, M:bar(1).");
  CHECK(late.handed_over == "foo:bar/1");
  CHECK(fs::current_path() == before);
  CHECK(std::getenv("RELMK_TEST_LEFT") == nullptr);
}

TEST_CASE("script: a script has no command line") {
  CHECK(outcome("init:get_plain_arguments().").value == "[]");
}

TEST_CASE("script: a fun in the value needs no VM, since none that reads it can call it") {
  const Outcome fun = outcome("{a, fun(X) -> X end}.");
  CHECK(fun.handed_over.empty());
  CHECK(fun.value.starts_with("{a,#Fun<erl_eval.1."));
}

TEST_CASE("script: a value that is nested too deeply for whoever reads it is refused") {
  const std::string nest = "lists:foldl(fun(_, A) -> {A} end, x, lists:seq(1, ";
  CHECK(outcome(nest + "20000)).").value ==
        ": error: the script's value is nested more than 1000 deep");
  CHECK(outcome(nest + "100000)).").value == ": error: a term is nested more than 50000 deep");
  CHECK(outcome("_ = " + nest + "40000)), ok.").value == "ok");
  // Funs that hold each other.
  CHECK(
      outcome("lists:foldl(fun(_, A) -> fun() -> A end end, x, lists:seq(1, 100000)), ok.").value ==
      "ok");
}

TEST_CASE("script: what a script did before it is handed over is not done again") {
  const Scratch scratch;
  const std::string file = (scratch.path / "log").string();
  const std::string does = "os:cmd(\"echo x >>" + file + "\"), ";
  CHECK(handed_over(does + "M = foo, catch M:bar(1), ok.").value == "ok");
  CHECK(sys::read_file(file) == "x\n");
  // Results are those of the first time, also by apply, a fun, and in the script's own funs.
  const std::string counts =
      "F = fun() -> {ok, B} = file:read_file(\"" + file +
      "\"), N = byte_size(B), "
      "ok = apply(file, write_file, [\"" +
      file +
      "\", [B, $y]]), N end, "
      "G = fun os:cmd/1, X = {F(), F(), G(\"echo $$\")}, M = lists, "
      "{X, F(), M:foldl(fun(A, B) -> A + B end, 0, E:tab2list(E:new(a, [])))}.";
  const std::string value = handed_over("E = ets, " + counts).value;
  CHECK(value.starts_with("{{2,3,"));
  CHECK(value.ends_with(",4,0}"));
  CHECK(sys::read_file(file) == "x\nyyy");
}

TEST_CASE("script: the error of a form that was handed over late tells its line") {
  const Outcome failed = handed_over("os:cmd(\"true\").\nM = foo, catch M:bar(1).\nexit(a).\n");
  CHECK(failed.value.find("evaluation failed with reason exit:a") != std::string::npos);
}

TEST_CASE("script: the order of a map's atoms is known before OTP 26 only") {
  CHECK(outcome("maps:keys(#{b => 1, a => 2}).").value == "[a,b]");
  CHECK_FALSE(outcome("maps:keys(#{b => 1, a => 2}).", "27").handed_over.empty());
  CHECK(outcome("maps:keys(#{b => 1}).", "27").value == "[b]");
}

TEST_CASE("script: syntax of later releases is known for those") {
  CHECK(outcome("#{K => V || {K, V} <- [{a,1}]}.", "27").value == "#{a => 1}");
  CHECK(outcome("[K || K := 1 <- #{a => 1}].", "27").value == "[a]");
  CHECK(outcome("~\"abc\".", "27").value == "<<97,98,99>>");
  CHECK(outcome("maybe {ok, X} ?= {ok, 1}, X + 1 end.", "27").value == "2");
  CHECK(outcome("maybe {ok, X} ?= error, X else error -> none end.", "27").value == "none");
  CHECK(outcome("maybe {ok, X} ?= error, X end.", "27").value == "error");
  CHECK(outcome("atom_to_list(maybe) ++ atom_to_list(else) == \"maybeelse\".", "25").value ==
        "true");
}

TEST_CASE("script: deep recursion needs no deep stack") {
  CHECK(outcome("F = fun F(0) -> ok; F(N) -> F(N - 1) end, F(50000).").value == "ok");
#ifndef __SANITIZE_ADDRESS__  // whose frames are many times as large
  CHECK(outcome("F = fun F(0) -> 0; F(N) -> 1 + F(N - 1) end, F(10000).").value == "10000");
#endif
}

TEST_CASE("script: endless recursion ends in a hand-over, not in a crash") {
  CHECK(outcome("F = fun F(N) -> 1 + F(N + 1) end, F(0).").handed_over == "recursion this deep");
}

TEST_CASE("script: halt ends a script with an error") {
  CHECK(outcome("io:format(\"too old~n\"), halt(1).").value ==
        ": error: the script halted with code 1");
  CHECK(outcome("io:format(\"too old~n\"), halt(1).").printed == "too old\n");
}

}  // namespace eval_script_test
