#include "sys/words.h"

#include "catch.h"

namespace sys_words_test {

using namespace relmk;
using Words = std::vector<std::string_view>;

TEST_CASE("words: parts may be empty, and none follows the last separator") {
  CHECK(sys::parts("a..b.", '.') == Words{"a", "", "b"});
  CHECK(sys::parts(".", '.') == Words{""});
  CHECK(sys::parts("a", '.') == Words{"a"});
  CHECK(sys::parts("", '.').empty());
}

TEST_CASE("words: a line ends at its newline, or where the text ends") {
  CHECK(sys::lines("a\n\n b\r\nc") == Words{"a", "", " b\r", "c"});
  CHECK(sys::lines("a\n") == Words{"a"});
}

TEST_CASE("words: any number of spaces, tabs and newlines stands between words") {
  CHECK(sys::words(" a\t\tb\n c\r\n") == Words{"a", "b", "c"});
  CHECK(sys::words(" \n").empty());
  CHECK(sys::words("").empty());
}

TEST_CASE("words: texts are joined with separators between them") {
  CHECK(sys::joined({"a", "", "b"}, ", ") == "a, , b");
  CHECK(sys::joined({"", "a"}, ",") == ",a");
  CHECK(sys::joined({}, ",").empty());
}

}  // namespace sys_words_test
