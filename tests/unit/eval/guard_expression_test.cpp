#include "eval/evaluate/guard_expression.h"

#include "catch.h"
#include "evaluated.h"

namespace eval_guard_expression_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

bool is_guard(const std::string& text, int otp_release = 25) {
  return is_guard_expression(*expression_of(text + "."), otp_release);
}

}  // namespace

TEST_CASE("guard expression: comparisons, arithmetic and tests of types") {
  for (const char* text :
       {"X", "true", "X > 1", "is_list(X)", "erlang:is_list(X)", "X + 1 == {Y}", "map_get(a, M)",
        "not X", "length([a | X]) band 1", "#{a => X}", "<<X:8>> == <<1>>", "X andalso Y"})
    CHECK(is_guard(text));
}

TEST_CASE("guard expression: what may have an effect or fail in other ways is none") {
  for (const char* text : {"foo(X)", "lists:member(X, Y)", "X ++ Y", "X -- Y", "X ! a", "X = 1",
                           "fun() -> X end", "[Y || Y <- X]", "case X of _ -> true end",
                           "is_list(X ++ Y)", "list_to_atom(X)", "M:is_list(X)"})
    CHECK_FALSE(is_guard(text));
}

TEST_CASE("guard expression: functions of the release alone") {
  CHECK(is_guard("is_map_key(a, M)", 21));
  CHECK_FALSE(is_guard("is_nothing(a)", 26));
}

}  // namespace eval_guard_expression_test
