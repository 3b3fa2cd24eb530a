#include "eval/library/erlang.h"

#include "catch.h"
#include "evaluated.h"
#include "term/integer.h"

namespace eval_erlang_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

std::string integer(std::string_view text, int base = 10) {
  const std::optional<Term> value = parse_integer(text, base);
  return value ? term::print_plain(*value) : "none";
}

std::string floating(std::string_view text) {
  const std::optional<Term> value = parse_float(text);
  return value ? term::print_plain(*value) : "none";
}

}  // namespace

TEST_CASE("erlang: integers from text, of any size and base") {
  CHECK(integer("42") == "42");
  CHECK(integer("-0042") == "-42");
  CHECK(integer("+7") == "7");
  CHECK(integer("99999999999999999999") == "99999999999999999999");
  CHECK(integer("zZ", 36) == "1295");
  for (const char* text : {"", "-", "+", "1a", " 1", "1 ", "--1", "1.0"})
    CHECK(integer(text) == "none");
  CHECK(integer("2", 2) == "none");
}

TEST_CASE("erlang: floats from text have a fraction") {
  CHECK(floating("1.5") == "1.5");
  CHECK(floating("-1.0e3") == "-1.0e3");
  for (const char* text : {"", "1", "1.", ".5", "1e3", "1.0e", "1.0e999", "x"})
    CHECK(floating(text) == "none");
}

TEST_CASE("erlang: integers as text") {
  CHECK(integer_text(255, 16) == "FF");
  CHECK(integer_text(-35, 36) == "-Z");
  CHECK(integer_text(0, 2) == "0");
  CHECK(integer_text(*parse_integer("100000000000000000000", 10), 10) == "100000000000000000000");
}

TEST_CASE("erlang: conversions, and badarg for what cannot be") {
  CHECK(evaluated("{atom_to_list(a), list_to_integer(\"12\"), binary_to_list(<<1>>)}.") ==
        "{[97],12,[1]}");
  CHECK(evaluated("list_to_integer(\"x\").") == "error: badarg");
  CHECK(evaluated("tuple_to_list([]).") == "error: badarg");
  CHECK(evaluated("integer_to_list(10, 2) =:= \"1010\".") == "true");
}

TEST_CASE("erlang: exceptions by their class") {
  CHECK(evaluated("throw(a).") == "throw: a");
  CHECK(evaluated("exit(a).") == "exit: a");
  CHECK(evaluated("erlang:error(a).") == "error: a");
}

}  // namespace eval_erlang_test
