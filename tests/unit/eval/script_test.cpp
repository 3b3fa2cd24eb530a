#include "eval/evaluate/script.h"

#include <cstdlib>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "term/print.h"

using namespace relmk;
using namespace relmk::eval;

namespace {

struct Outcome {
  std::string value;  // or the error's text after the file
  std::string handed_over;
  std::string printed;
};

// What is handed over goes to a program that fails.
Outcome outcome(const std::string& text, const std::string& release = "25") {
  const Scratch scratch;
  const fs::path file = scratch.path / "a.script";
  sys::write_file(file, text);
  Outcome result;
  ScriptOptions options;
  options.erl = "false";
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

TEST_CASE("script: a value that only a VM can hold is left to it") {
  CHECK(outcome("fun(X) -> X end.").handed_over == "a value that only a VM can hold");
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
