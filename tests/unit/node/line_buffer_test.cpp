#include "node/console/line_buffer.h"

#include "catch.h"

namespace node_line_buffer_test {

using namespace relmk::node;

namespace {

LineBuffer buffer(std::u32string text) {
  LineBuffer out;
  out.assign(std::move(text));
  return out;
}

}  // namespace

TEST_CASE("line buffer: moves by graphemes") {
  LineBuffer line = buffer(U"x👨‍👩‍👧e\u0301");
  line.move_left();
  CHECK(line.cursor() == 6);
  line.move_left();
  CHECK(line.cursor() == 1);
  line.move_right();
  CHECK(line.cursor() == 6);
}

TEST_CASE("line buffer: erases graphemes") {
  LineBuffer line = buffer(U"a🇩🇪🇫🇷");
  line.erase_left();
  CHECK(line.text() == U"a🇩🇪");
  line.move_to(1);
  line.erase_right();
  CHECK(line.text() == U"a");
  line.erase_right();
  line.erase_left();
  line.erase_left();
  CHECK(line.text().empty());
}

TEST_CASE("line buffer: moves by words") {
  LineBuffer line = buffer(U"lists:map(Été, [日本])");
  line.move_word_left();
  CHECK(line.cursor() == 15);
  line.move_word_left();
  CHECK(line.cursor() == 10);
  line.move_word_right();
  CHECK(line.cursor() == 13);
  line.move_to(0);
  line.move_word_right();
  CHECK(line.cursor() == 5);
}

TEST_CASE("line buffer: yanks what was killed last") {
  LineBuffer line = buffer(U"one two");
  line.kill_word_left();
  CHECK(line.text() == U"one ");
  line.move_to(0);
  line.kill_to_end();
  CHECK(line.text().empty());
  line.kill_to_end();
  line.yank();
  line.yank();
  CHECK(line.text() == U"one one ");
  line.kill_line();
  line.yank();
  CHECK(line.text() == U"one one ");
  line.move_to(0);
  line.kill_word_right();
  CHECK(line.text() == U" one ");
}

TEST_CASE("line buffer: transposes graphemes") {
  LineBuffer line = buffer(U"abe\u0301");
  line.transpose();
  CHECK(line.text() == U"ae\u0301b");
  CHECK(line.cursor() == 4);
  line.move_to(1);
  line.transpose();
  CHECK(line.text() == U"e\u0301ab");
  CHECK(line.cursor() == 3);
  line.move_to(0);
  line.transpose();
  CHECK(line.text() == U"e\u0301ab");
}

}  // namespace node_line_buffer_test
