#include "term/text_position.h"

#include "catch.h"

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
