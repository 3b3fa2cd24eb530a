#include "node/console/key.h"

#include <string_view>
#include <vector>

#include "catch.h"

namespace node_key_test {

using namespace relmk::node;

namespace {

std::vector<Key> keys(std::u32string_view characters) {
  KeyDecoder decoder;
  std::vector<Key> out;
  for (const char32_t c : characters) {
    if (const auto key = decoder.put(c)) out.push_back(*key);
  }
  return out;
}

using Name = Key::Name;
using Keys = std::vector<Key>;

}  // namespace

TEST_CASE("key: of characters") {
  CHECK(keys(U"a日") == Keys{{Name::Character, U'a'}, {Name::Character, U'日'}});
  CHECK(keys(U"\x01\x7f\n") ==
        Keys{{Name::Control, U'A'}, {Name::Control, U'?'}, {Name::Control, U'J'}});
}

TEST_CASE("key: with meta") {
  CHECK(keys(U"\x1b"
             U"b\x1b"
             U"F") == Keys{{Name::Meta, U'b'}, {Name::Meta, U'f'}});
  CHECK(keys(U"\x1b\x7f") == Keys{{Name::Meta, U'?'}});
}

TEST_CASE("key: of arrows of each kind of terminal") {
  CHECK(keys(U"\x1b[A\x1bOA") == Keys{{Name::Up, 0}, {Name::Up, 0}});
  CHECK(keys(U"\x1b[1;5D\x1b[1;3C\x1b[1;2C") ==
        Keys{{Name::WordLeft, 0}, {Name::WordRight, 0}, {Name::Right, 0}});
  CHECK(keys(U"\x1b\x1b[D") == Keys{{Name::Left, 0}});
}

TEST_CASE("key: of home end and delete") {
  CHECK(keys(U"\x1b[H\x1bOH\x1b[1~\x1b[7~") == Keys(4, {Name::Home, 0}));
  CHECK(keys(U"\x1b[F\x1bOF\x1b[4~\x1b[8~") == Keys(4, {Name::End, 0}));
  CHECK(keys(U"\x1b[3~\x1b[3;5~") == Keys(2, {Name::Delete, 0}));
}

TEST_CASE("key: that is unknown leaves nothing behind") {
  CHECK(keys(U"\x1b[15~x") == Keys{{}, {Name::Character, U'x'}});
  CHECK(keys(U"\x1b[[Ax") == Keys{{}, {Name::Character, U'x'}});
  CHECK(keys(U"\x1b[1\nx") == Keys{{}, {Name::Character, U'x'}});
}

}  // namespace node_key_test
