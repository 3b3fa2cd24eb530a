#include "node/console/terminal_text.h"

#include "catch.h"

namespace node_terminal_text_test {

using namespace relmk::node;

namespace {

Cell end_of(std::u32string_view text, int columns) {
  return places(text_glyphs(text), columns).back();
}

std::string shown(const std::vector<Glyph>& glyphs) {
  std::string out;
  for (const Glyph& glyph : glyphs)
    out += glyph.sequence + glyph.text;
  return out;
}

}  // namespace

TEST_CASE("terminal text: wraps at the last column") {
  CHECK(end_of(U"", 4) == Cell{0, 0});
  CHECK(end_of(U"abc", 4) == Cell{0, 3});
  CHECK(end_of(U"abcd", 4) == Cell{1, 0});
  CHECK(end_of(U"a\nb\n", 4) == Cell{2, 0});
}

TEST_CASE("terminal text: wraps wide characters that do not fit") {
  CHECK(end_of(U"日本語", 5) == Cell{1, 2});
  CHECK(end_of(U"日本", 5) == Cell{0, 4});
  CHECK(places(text_glyphs(U"日本語"), 5)[2] == Cell{1, 0});
  CHECK(places(text_glyphs(U"日本x"), 5)[2] == Cell{0, 4});
}

TEST_CASE("terminal text: counts columns as shown") {
  CHECK(text_columns(U"a\tb") == 9);
  CHECK(text_columns(U"\x04z") == 3);
  CHECK(text_columns(U"日本> ") == 6);
  CHECK(text_columns(U"e\u0301") == 1);
  CHECK(text_columns(U"👨‍👩‍👧") == 2);
}

TEST_CASE("terminal text: shows what is not seen") {
  CHECK(shown(text_glyphs(U"\x01\x7f\x85")) == "^A^?<85>");
  CHECK(shown(text_glyphs(U"a\u200b\ufeff")) == "a<200b><feff>");
  CHECK(shown(text_glyphs(U"\u0301x")) == "\u25cc\u0301x");
}

TEST_CASE("terminal text: keeps the colours of a prompt") {
  const std::vector<Glyph> glyphs = prompt_glyphs(U"\x1b[1m\x1b[32mnode\x1b[0m 1> \x1b[4m");
  CHECK(shown(glyphs) == "\x1b[1m\x1b[32mnode\x1b[0m 1> \x1b[4m");
  CHECK(prompt_columns(U"one\n\x1b[1mnode\x1b[0m 1> \x1b[4m") == 8);
  CHECK(shown(prompt_glyphs(U"\x1b")) == "^[");
  CHECK(prompt_glyphs(U"").empty());
}

}  // namespace node_terminal_text_test
