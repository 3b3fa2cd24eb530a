#include "node/console/line_display.h"

#include <random>

#include "catch.h"
#include "node/console/grapheme.h"
#include "terminal_model.h"

namespace node_line_display_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// A line that is typed at a terminal.
struct Typed {
  TerminalModel terminal;
  LineDisplay display;
  ScreenSize size;
  std::string output;

  Typed(int rows, int columns, TerminalModel::Kind kind = TerminalModel::Kind::Joining,
        LineDisplay::Terminal description = {})
      : terminal(rows, columns, kind),
        display([this](std::string_view text) { take(text); }, description),
        size{rows, columns} {
    display.begin({}, size);
  }

  void take(std::string_view text) {
    output += text;
    terminal.put(text);
  }
  // The cursor stands `behind` glyphs before the end.
  void show(std::u32string_view text, size_t behind = 0) {
    std::vector<Glyph> glyphs = text_glyphs(text);
    const size_t cursor = glyphs.size() - behind;
    display.show(std::move(glyphs), cursor);
  }
  void resize(int rows, int columns) {
    size = {rows, columns};
    terminal.resize(rows, columns);
    display.resize(size);
  }
  // What of the glyphs a screen shows whose first row is `first`.
  std::string expected(const std::vector<Glyph>& glyphs, int first) const {
    const std::vector<Cell> at = places(glyphs, size.columns);
    std::string out;
    for (int row = first; row < first + size.rows && row <= at.back().row; ++row) {
      std::string line;
      for (size_t i = 0; i < glyphs.size(); ++i) {
        if (at[i].row != row) continue;
        const bool is_tab = glyphs[i].kind == Glyph::Kind::Tab;
        const int blanks = is_tab ? tab_columns(at[i].column, size.columns) : 0;
        line += glyphs[i].text + std::string(static_cast<size_t>(blanks), ' ');
      }
      line.resize(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    out.resize(out.find_last_not_of('\n') + 1);
    return out;
  }
};

void check_cursor(const Typed& typed, Cell wanted) {
  CHECK(typed.terminal.row() == wanted.row);
  CHECK(typed.terminal.column() == wanted.column);
}

}  // namespace

TEST_CASE("line display: prints what is typed at the end") {
  Typed typed(5, 20);
  typed.show(U"1> a");
  typed.output.clear();
  typed.show(U"1> ab");
  CHECK(typed.output == "b");
}

TEST_CASE("line display: wraps where the row is full") {
  Typed typed(5, 4);
  typed.show(U"abc");
  typed.show(U"abcd");
  check_cursor(typed, {1, 0});
  typed.show(U"abcde");
  check_cursor(typed, {1, 1});
  typed.show(U"abde", 1);
  CHECK(typed.terminal.screen() == "abde");
  check_cursor(typed, {0, 3});
}

TEST_CASE("line display: leaves the row that a wide character does not fit") {
  Typed typed(5, 5);
  typed.show(U"abcde");
  typed.show(U"日本語x");
  CHECK(typed.terminal.screen() == "日本\n語x");
  typed.show(U"日本語x", 2);
  check_cursor(typed, {1, 0});
}

TEST_CASE("line display: knows the column behind each kind of character") {
  for (const auto kind : {TerminalModel::Kind::Joining, TerminalModel::Kind::Separating}) {
    Typed typed(5, 40, kind);
    for (const auto& [text, columns] :
         std::initializer_list<std::pair<std::u32string_view, int>>{{U"e\u0301", 1},
                                                                    {U"👨‍👩‍👧", 2},
                                                                    {U"🇩🇪", 2},
                                                                    {U"1\ufe0f\u20e3", 2},
                                                                    {U"❤\ufe0f", 2},
                                                                    {U"👍🏽", 2},
                                                                    {U"日", 2},
                                                                    {U"\u200b", 6},
                                                                    {U"\x01", 2}}) {
      typed.show(std::u32string(text));
      check_cursor(typed, {0, columns});
      typed.show(std::u32string(text) + U"xy", 1);
      check_cursor(typed, {0, columns + 1});
      typed.show(U"");
    }
  }
}

TEST_CASE("line display: shows a wrapped line in another width") {
  Typed typed(8, 20);
  typed.take("before\r\n");
  typed.show(U"1> the quick brown fox jumps over 日本 the lazy dog", 12);
  for (const int columns : {13, 31, 7, 60, 20}) {
    typed.resize(8, columns);
    CAPTURE(columns);
    const auto glyphs = text_glyphs(U"1> the quick brown fox jumps over 日本 the lazy dog");
    CHECK(typed.terminal.screen().ends_with(typed.expected(glyphs, 0)));
    CHECK(typed.terminal.column() == places(glyphs, columns)[glyphs.size() - 12].column);
  }
  CHECK(typed.terminal.screen().starts_with("before\n1> the"));
}

TEST_CASE("line display: shows the part of a long line around the cursor") {
  Typed typed(3, 4);
  typed.show(U"aaaabbbbccccddddee");
  CHECK(typed.terminal.screen() == "cccc\ndddd\nee");
  typed.show(U"aaaabbbbccccddddee", 14);
  CHECK(typed.terminal.screen() == "bbbb\ncccc\ndddd");
  check_cursor(typed, {0, 0});
  typed.show(U"aaaabbXbbccccddddee", 12);
  CHECK(typed.terminal.screen() == "bbXb\nbccc\ncddd");
  typed.show(U"aab", 1);
  CHECK(typed.terminal.screen() == "aab");
  check_cursor(typed, {0, 2});
}

TEST_CASE("line display: of a line of several") {
  Typed typed(6, 10);
  typed.show(U"fun() ->\n  ok\nend");
  CHECK(typed.terminal.screen() == "fun() ->\n  ok\nend");
  typed.show(U"fun() ->\n  ok\nend", 4);
  check_cursor(typed, {1, 4});
  typed.show(U"short");
  CHECK(typed.terminal.screen() == "short");
}

TEST_CASE("line display: gives way to what is printed") {
  Typed typed(6, 5);
  typed.show(U"abcdefgh", 6);
  typed.display.erase();
  typed.take("printed\r\n");
  typed.show(U"abcdefgh");
  CHECK(typed.terminal.screen() == "print\ned\nabcde\nfgh");
  typed.display.leave();
  check_cursor(typed, {4, 0});
}

TEST_CASE("line display: begins behind what stands there") {
  Typed typed(6, 5);
  typed.take("abc");
  typed.display.begin(text_glyphs(U"abc"), typed.size);
  typed.show(U"abc> x");
  CHECK(typed.terminal.screen() == "abc>\nx");
  check_cursor(typed, {1, 1});
}

TEST_CASE("line display: of a dumb terminal moves by backspace") {
  Typed typed(6, 40, TerminalModel::Kind::Joining, {true, false});
  typed.show(U"1> ab日", 2);
  typed.show(U"1> aXb日", 2);
  CHECK(typed.terminal.screen() == "1> aXb日");
  check_cursor(typed, {0, 5});
  typed.show(U"1> aXb日");
  check_cursor(typed, {0, 8});
  typed.show(U"1> a\nb", 0);
  CHECK(typed.terminal.screen() == "1> a^Jb");
  CHECK(typed.output.find('\x1b') == std::string::npos);
}

TEST_CASE("line display: shows the same however it came there") {
  std::mt19937 random(1);
  const std::u32string_view parts[] = {U"a",     U"b ", U"日", U"e\u0301", U"👨‍👩‍👧",
                                       U"\x01",  U"\t", U"\n", U"🇩🇪",      U"xyz",
                                       U"\u200b"};
  const auto below = [&](size_t limit) { return random() % limit; };
  for (int round = 0; round < 400; ++round) {
    Typed typed(static_cast<int>(2 + below(6)), static_cast<int>(4 + below(12)));
    std::u32string text;
    for (int step = 0; step < 40; ++step) {
      const size_t at = grapheme_before(text, below(text.size() + 1));
      if (below(4) == 0) {
        text.erase(at, below(12));
      } else {
        text.insert(at, parts[below(std::size(parts))]);
      }
      const auto glyphs = text_glyphs(text);
      const size_t cursor = below(glyphs.size() + 1);
      typed.display.show(std::vector<Glyph>(glyphs), cursor);
      const Cell place = places(glyphs, typed.size.columns)[cursor];
      const int first = place.row - typed.terminal.row();
      CAPTURE(round, step, typed.size.rows, typed.size.columns, sys::utf8(text));
      REQUIRE(typed.terminal.screen() == typed.expected(glyphs, first));
      REQUIRE(typed.terminal.column() == place.column);
    }
  }
}

}  // namespace node_line_display_test
