#include "node/console/shell_completer.h"

#include "catch.h"

namespace node_shell_completer_test {

using namespace relmk;
using namespace relmk::node;

namespace {

std::string context(const std::string& before) {
  const CompletionContext context = completion_context(before);
  return context.map_variable + "|" + context.word;
}

}  // namespace

TEST_CASE("shell completer: finds the word before the cursor") {
  CHECK(context("lists:re") == "|re");
  CHECK(context("X + Foo") == "|Foo");
  CHECK(context("foo(") == "|");
}

TEST_CASE("shell completer: finds the map of a key") {
  CHECK(context("Map#{ke") == "Map|ke");
  CHECK(context("Map#{a := {1, 2}, ke") == "Map|ke");
  CHECK(context("Map#{a := X") == "|X");
  CHECK(context("Map#{a := 1}, fo") == "|fo");
  CHECK(context("#{ke") == "|ke");
}

TEST_CASE("shell completer: common prefix") {
  CHECK(common_prefix({"reverse/1", "reverse/2"}) == "reverse/");
  CHECK(common_prefix({"a", "b"}).empty());
  CHECK(common_prefix({}).empty());
}

}  // namespace node_shell_completer_test
