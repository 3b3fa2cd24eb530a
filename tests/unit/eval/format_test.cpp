#include "eval/library/format.h"

#include "catch.h"
#include "eval/evaluate/fun.h"
#include "eval/library/support.h"
#include "evaluated.h"
#include "term/character_data.h"
#include "term/consult.h"

namespace eval_format_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

// io_lib:format(Format, [Arguments…]), flattened.
std::string formatted(const char* format, const std::string& arguments) {
  ScriptOptions options;
  options.otp_release = "25";
  Evaluator evaluator(options);
  try {
    const Term chars = format_chars(evaluator, Term::string(format),
                                    term::consult_text("f", "[" + arguments + "].").front());
    return sys::utf8(term::chardata(chars).value_or(U"no characters"));
  } catch (const UnknownToEvaluator&) {
    return "vm";
  }
}

}  // namespace

TEST_CASE("format: each control sequence takes its argument") {
  CHECK(formatted("~s and ~p", "\"a\",{b,\"c\"}") == "a and {b,\"c\"}");
  CHECK(formatted("~w ~ts", "\"a\",<<\"ä\"/utf8>>") == "[97] ä");
  CHECK(formatted("~b ~c ~f ~.2f", "10,65,1.5,2.0") == "10 A 1.500000 2.00");
  CHECK(formatted("~.16b ~.16B", "255,255") == "ff FF");
  CHECK(formatted("~~~n", "") == "~\n");
  CHECK(formatted("~i~s", "a,\"b\"") == "b");
}

TEST_CASE("format: fields") {
  CHECK(formatted("[~5s|~-5s|~5..0b]", "\"ab\",\"ab\",42") == "[   ab|ab   |00042]");
  CHECK(formatted("~2b", "1234") == "**");
  CHECK(formatted("~*b", "4,1") == "   1");
}

TEST_CASE("format: what does not fit is left to the VM") {
  CHECK(formatted("~s", "") == "vm");
  CHECK(formatted("~s", "a,b") == "vm");
  CHECK(formatted("~b", "a") == "vm");
  CHECK(formatted("~", "") == "vm");
  CHECK(formatted("~y", "1") == "vm");
}

TEST_CASE("format: only the VM knows how a fun is printed") {
  CHECK(evaluated("F = fun() -> a end, io_lib:format(\"~p\", [F]).").starts_with("vm: "));
  ScriptOptions options;
  options.otp_release = "25";
  const Evaluator evaluator(options);
  check_printable(evaluator, Term::list({1, Term::atom("a")}));
  CHECK_THROWS_AS(
      check_printable(
          evaluator, Term::tuple({Term::opaque(
                         term::TermKind::Fun, std::make_shared<EvaluatedFun>(
                                                  expression_of("fun() -> a end."), Bindings()))})),
      UnknownToEvaluator);
}

}  // namespace eval_format_test
