#include "eval/syntax/syntax.h"

#include "catch.h"
#include "eval/evaluate/failure.h"
#include "eval/evaluate/stack.h"
#include "eval/syntax/parser.h"

namespace eval_syntax_test {

using namespace relmk::eval;

namespace {

// `text` many times, more than a stack has room for.
std::u32string many(std::u32string_view text) {
  std::u32string all;
  for (int i = 0; i < 1'000'000; ++i)
    all += text;
  return all;
}

}  // namespace

TEST_CASE("syntax: a chain of any length goes without as much stack") {
  for (const std::u32string& text : {many(U"1+") + U"1", U"[" + many(U"1,") + U"1]"}) {
    const ParsedScript script = parse_script("s", text + U".\n", {});
    CHECK_FALSE(script.error);
    CHECK(script.forms.size() == 1);
  }
}

TEST_CASE("syntax: what is nested too deeply is left to the VM") {
  for (const char32_t* opening : {U"[", U"<<", U"#{1=>", U"(", U"- ", U"case 1 of 1->"}) {
    std::string name;
    try {
      run_on_large_stack([&] { parse_script("s", many(opening), {}); });
    } catch (const UnknownToEvaluator& unknown) {
      name = unknown.name();
    }
    CHECK(name.substr(0, 13) == "deeply nested");
  }
}

}  // namespace eval_syntax_test
