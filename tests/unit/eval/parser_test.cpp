#include "eval/syntax/parser.h"

#include "catch.h"
#include "eval/evaluate/failure.h"
#include "sys/utf8.h"
#include "term/print.h"

namespace eval_parser_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

ParsedScript parsed(std::string_view text, ParserOptions options = {}) {
  return parse_script("a.script", sys::code_points(text), options);
}

const Expression& only(const ParsedScript& script) {
  REQUIRE_FALSE(script.error);
  REQUIRE(script.forms.size() == 1);
  return *script.forms[0].body.at(0);
}

// Operators in prefix form, all bracketed.
std::string shape(const Expression& e) {
  if (e.is(ExpressionKind::Variable)) return e.name->text();
  if (e.is(ExpressionKind::Literal)) return term::print_plain(e.value);
  std::string text = e.name ? "(" + e.name->text() : "(catch";
  for (const ExpressionPtr& part : e.parts)
    text += " " + shape(*part);
  return text + ")";
}

std::string shape_of(std::string_view text) {
  return shape(only(parsed(text)));
}

std::string error_of(std::string_view text) {
  const ParsedScript script = parsed(text);
  return script.error ? script.error->text() : "";
}

}  // namespace

TEST_CASE("parser: operators bind as erl_parse has them") {
  CHECK(shape_of("1 + 2 * 3 - 4.") == "(- (+ 1 (* 2 3)) 4)");
  CHECK(shape_of("A = B = C.") == "(= A (= B C))");
  CHECK(shape_of("A ++ B -- C.") == "(++ A (-- B C))");
  CHECK(shape_of("A orelse B andalso C == D.") == "(orelse A (andalso B (== C D)))");
  CHECK(shape_of("not A == B.") == "(== (not A) B)");
  CHECK(shape_of("- - 1.") == "(- (- 1))");
  CHECK(shape_of("1 bsl 2 + 3.") == "(+ (bsl 1 2) 3)");
  CHECK(shape_of("catch A = 1 + 2.") == "(catch (= A (+ 1 2)))");
  CHECK(shape_of("A = catch B.") == "(= A (catch B))");
}

TEST_CASE("parser: comparisons do not chain") {
  CHECK(error_of("1 == 2 == 3.") == "a.script:1:8: error: syntax error before: '=='");
}

TEST_CASE("parser: an error names the token that cannot be") {
  CHECK(error_of("f(.") == "a.script:1:3: error: syntax error before: '.'");
  CHECK(error_of("{a,\n b].") == "a.script:2:3: error: syntax error before: ']'");
  CHECK(error_of("foo bar.") == "a.script:1:5: error: syntax error before: bar");
  CHECK(error_of("case 1 of 1 -> a.") == "a.script:1:17: error: syntax error before: '.'");
  CHECK(error_of("f()(1).") == "a.script:1:4: error: syntax error before: '('");
}

TEST_CASE("parser: the forms before an error are there") {
  const ParsedScript script = parsed("a. b. c d.");
  CHECK(script.forms.size() == 2);
  CHECK(script.error);
}

TEST_CASE("parser: adjacent strings are one") {
  CHECK(only(parsed("\"a\" \"b\" \"c\".")).value == Term::string("abc"));
}

TEST_CASE("parser: handlers without a class catch throws") {
  const ParsedScript script = parsed("try a catch b -> 1; C:R:S -> 2; error:_ -> 3 end.");
  const Expression& e = only(script);
  REQUIRE(e.handlers.size() == 3);
  CHECK(e.handlers[0].patterns[0]->value == Term::atom("throw"));
  CHECK(e.handlers[1].patterns[2]->is_variable("S"));
  CHECK(e.handlers[2].patterns[2]->is_variable("_"));
}

TEST_CASE("parser: maybe is an atom unless it is reserved") {
  CHECK(only(parsed("maybe.")).is_atom());
  const ParsedScript script = parsed("maybe {ok, A} ?= f(), A else _ -> b end.", {.maybe = true});
  CHECK(only(script).is(ExpressionKind::Maybe));
  CHECK(only(script).clauses.size() == 1);
}

TEST_CASE("parser: receive is left to erl") {
  CHECK_THROWS_AS(parsed("receive X -> X end."), UnknownToEvaluator);
}

}  // namespace eval_parser_test
