#include "sys/json.h"

#include "catch.h"

namespace sys_json_test {

using namespace relmk::sys;

TEST_CASE("JSON: strings are escaped, and Latin-1 becomes UTF-8") {
  CHECK(json_string("a\"b\\c") == R"("a\"b\\c")");
  CHECK(json_string("a\nb\x7f") == R"("a\u000ab\u007f")");
  CHECK(json_string("\xc3\xa9") == "\"\xc3\xa9\"");
  CHECK(json_string("\xe9") == "\"\xc3\xa9\"");
}

TEST_CASE("JSON: an array of strings") {
  CHECK(json_strings({}) == "[]");
  CHECK(json_strings({"a", "b\""}) == R"(["a","b\""])");
}

}  // namespace sys_json_test
