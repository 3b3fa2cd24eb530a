#include "start/environment_substitution.h"

#include "catch.h"

namespace start_environment_substitution_test {

using namespace relmk;
using namespace relmk::start;

namespace {

std::string substitute(std::string_view text) {
  return substitute_variables(text, {{"A", "1"},
                                     {"EMPTY", ""},
                                     {"SPECIAL", "x&y\\z\\&\"'"},
                                     {"LINES", "l1\nl2"},
                                     {"TO_A", "<${A}>"},
                                     {"SELF", "a${SELF}b"},
                                     {"PING", "${PONG}"},
                                     {"PONG", "${PING}"},
                                     {"HALF", "${"},
                                     {"IN_BRACES", "{A}"}});
}

}  // namespace

TEST_CASE("environment_substitution: values, as relx's awk gives them") {
  CHECK(substitute("p ${A} q") == "p 1 q");
  CHECK(substitute("${A}${A} ${A}") == "11 1");
  CHECK(substitute("${EMPTY}x") == "x");
  CHECK(substitute("${UNSET}x") == "x");
  CHECK(substitute("${UNSET-x}") == "");
  CHECK(substitute("$${A} $A {A} ${}") == "$1 $A {A} ");
  CHECK(substitute("${A") == "${A");
  CHECK(substitute("${A\n}") == "${A\n}");
  CHECK(substitute("a\nb ${A}\n") == "a\nb 1\n");
}

TEST_CASE("environment_substitution: a default holds for what is empty or not set") {
  CHECK(substitute("${A:-def}") == "1");
  CHECK(substitute("${EMPTY:-def}") == "def");
  CHECK(substitute("${UNSET:-def}") == "def");
  CHECK(substitute("${UNSET:-}") == "");
  CHECK(substitute("${UNSET:-a:-b}") == "a:-b");
  CHECK(substitute("${UNSET:-{a}}") == "{a}");
  CHECK(substitute("${UNSET:-a.b} ${UNSET:-axb}") == "a.b axb");
}

TEST_CASE("environment_substitution: a default at which relx's script hangs is text as well") {
  CHECK(substitute("${UNSET:-de&f\\g}") == "de&f\\g");
  CHECK(substitute("${UNSET:-[1,(2]*+?}") == "[1,(2]*+?");
  CHECK(substitute("${UNSET:-http://h/p?q=1}") == "http://h/p?q=1");
  CHECK(substitute("${UNSET:-${A}}") == "1");
}

TEST_CASE("environment_substitution: every byte of a value survives") {
  CHECK(substitute("\"${SPECIAL}\"") == "\"x&y\\z\\&\"'\"");
  CHECK(substitute("${LINES}y") == "l1\nl2y");
}

TEST_CASE("environment_substitution: values are looked through again, though not for themselves") {
  CHECK(substitute("${TO_A}") == "<1>");
  CHECK(substitute("${SELF} ${A}") == "a${SELF}b 1");
  CHECK(substitute("${PING}.") == "${PING}.");
  CHECK(substitute("${HALF}A}") == "1");
  CHECK(substitute("$${IN_BRACES}") == "1");
}

TEST_CASE("environment_substitution: a file ends with a newline") {
  CHECK(substitute_environment("-name ${A}", {}) == "-name \n");
  CHECK(substitute_environment("a\r\n", {}) == "a\r\n");
  CHECK(substitute_environment("", {}) == "");
}

}  // namespace start_environment_substitution_test
