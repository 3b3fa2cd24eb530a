#include "node/console/grapheme.h"

#include "catch.h"

namespace node_grapheme_test {

using namespace relmk::node;

TEST_CASE("grapheme: bounds") {
  using Bounds = std::vector<size_t>;
  CHECK(grapheme_bounds(U"") == Bounds{0});
  CHECK(grapheme_bounds(U"e\u0301x") == Bounds{0, 2, 3});
  CHECK(grapheme_bounds(U"👨‍👩‍👧z") == Bounds{0, 5, 6});
  CHECK(grapheme_bounds(U"🇩🇪🇫🇷") == Bounds{0, 2, 4});
  CHECK(grapheme_bounds(U"1\ufe0f\u20e3x") == Bounds{0, 3, 4});
  CHECK(grapheme_bounds(U"\u1112\u1161\u11ab\n") == Bounds{0, 3, 4});
}

TEST_CASE("grapheme: before and after") {
  const std::u32string text = U"ae\u0301👍🏽";
  CHECK(grapheme_before(text, 5) == 3);
  CHECK(grapheme_before(text, 3) == 1);
  CHECK(grapheme_before(text, 2) == 1);
  CHECK(grapheme_before(text, 0) == 0);
  CHECK(grapheme_after(text, 0) == 1);
  CHECK(grapheme_after(text, 1) == 3);
  CHECK(grapheme_after(text, 3) == 5);
  CHECK(grapheme_after(text, 5) == 5);
}

TEST_CASE("grapheme: columns") {
  CHECK(grapheme_columns(U"a") == 1);
  CHECK(grapheme_columns(U"日") == 2);
  CHECK(grapheme_columns(U"e\u0301") == 1);
  CHECK(grapheme_columns(U"👨‍👩‍👧") == 2);
  CHECK(grapheme_columns(U"👍🏽") == 2);
  CHECK(grapheme_columns(U"🇩🇪") == 2);
  CHECK(grapheme_columns(U"❤\ufe0f") == 2);
  CHECK(grapheme_columns(U"1\ufe0f\u20e3") == 2);
  CHECK(grapheme_columns(U"❤\ufe0f\u200d🔥") == 2);
  CHECK(grapheme_columns(U"\u0e01\u0e33") == 2);
  CHECK(grapheme_columns(U"\u1112\u1161\u11ab") == 2);
  CHECK(grapheme_columns(U"\u200b") == 0);
  CHECK(grapheme_columns(U"\u0301") == 0);
  CHECK(grapheme_columns(U"\x07") == -1);
}

}  // namespace node_grapheme_test
