#include "term/text_position.h"

#include <algorithm>
#include <string_view>

#include "catch.h"

namespace term_text_position_test {

using namespace relmk;
using term::position_of;

TEST_CASE("text position: lines and columns count from 1") {
  CHECK(position_of("ab\ncd", 0) == Position{1, 1});
  CHECK(position_of("ab\ncd", 1) == Position{1, 2});
  CHECK(position_of("ab\ncd", 2) == Position{1, 3});
  CHECK(position_of("ab\ncd", 3) == Position{2, 1});
  CHECK(position_of("\n\n", 2) == Position{3, 1});
}

TEST_CASE("text position: columns count characters") {
  CHECK(position_of("ä€x", 5) == Position{1, 3});
}

TEST_CASE("text position: beyond the end is the end") {
  CHECK(position_of("a\nb", 99) == Position{2, 2});
  CHECK(position_of("", 0) == Position{1, 1});
}

TEST_CASE("text position: many offsets are told as each one is") {
  const std::string_view text = "a\u00e4\n\nbc\nd \u20ac e\n";
  term::TextPositions positions(text);
  for (size_t offset = 0; offset <= text.size(); offset += text[offset] == '\xc3' ? 2 : 1) {
    if ((text[std::min(offset, text.size() - 1)] & 0xc0) == 0x80) continue;
    CHECK(positions.at(offset) == position_of(text, offset));
  }
  CHECK(positions.at(1) == Position{1, 2});
  CHECK(positions.at(std::string_view::npos) == position_of(text, text.size()));
}

}  // namespace term_text_position_test
