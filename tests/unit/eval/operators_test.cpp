#include "eval/evaluate/operators.h"

#include "catch.h"
#include "eval/evaluate/failure.h"
#include "term/integer.h"

namespace eval_operators_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

Term big(const char* digits) {
  return Term::big({mpz_class(digits)});
}

}  // namespace

TEST_CASE("operators: integers grow as they must") {
  CHECK(apply_operator("+", {INT64_MAX, 1}) == big("9223372036854775808"));
  CHECK(apply_operator("-", {INT64_MIN}) == big("9223372036854775808"));
  CHECK(apply_operator("-", {big("9223372036854775808"), 1}) == Term(INT64_MAX));
  CHECK(apply_operator("bsl", {1, 70}) == big("1180591620717411303424"));
}

TEST_CASE("operators: bits of negative integers are two's complement") {
  CHECK(apply_operator("bsr", {-1, 3}) == Term(-1));
  CHECK(apply_operator("bsr", {-9, 1}) == Term(-5));
  CHECK(apply_operator("band", {-5, 255}) == Term(251));
  CHECK(apply_operator("bxor", {-1, 1}) == Term(-2));
  CHECK(apply_operator("bnot", {5}) == Term(-6));
}

TEST_CASE("operators: division goes towards zero") {
  CHECK(apply_operator("div", {-7, 2}) == Term(-3));
  CHECK(apply_operator("rem", {-7, 2}) == Term(-1));
  CHECK_THROWS_AS(apply_operator("div", {1, 0}), Raised);
}

TEST_CASE("operators: -- takes each element once") {
  CHECK(apply_operator("--", {Term::string("abab"), Term::string("ba")}) == Term::string("ab"));
}

TEST_CASE("operators: what is huge is left to the VM") {
  Term power = apply_operator("bsl", {1, 1 << 20});
  CHECK_THROWS_AS(apply_operator("bsl", {1, (1 << 20) + 1}), UnknownToEvaluator);
  power = apply_operator("*", {power, power});
  power = apply_operator("*", {power, power});
  CHECK_THROWS_AS(apply_operator("*", {power, power}), UnknownToEvaluator);
  for (int i = 0; i < 4; ++i)
    power = apply_operator("bsl", {power, 1 << 20});
  CHECK_THROWS_AS(apply_operator("bsl", {power, 1}), UnknownToEvaluator);
}

}  // namespace eval_operators_test
