#include "node/session/character_data.h"

#include "catch.h"

using namespace relmk;
using namespace relmk::node;

TEST_CASE("character data: deep lists of characters and binaries") {
  const Term data = Term::list({Term('a'), Term::list({Term::binary("ä"), Term(0x20ac)})});
  CHECK(characters_to_utf8(data) == "aä€");
  CHECK(characters_to_utf8(Term::improper_list({Term('a')}, Term::binary("b"))) == "ab");
  CHECK(characters_to_utf8(Term::binary("")) == "");
}

TEST_CASE("character data: binaries in Latin-1, and characters that it lacks") {
  CHECK(characters_to_utf8(Term::binary("\xe4"), Encoding::Latin1) == "ä");
  CHECK(characters_to_utf8(Term::list({0xe4}), Encoding::Latin1) == "ä");
  CHECK_FALSE(characters_to_utf8(Term::list({0x20ac}), Encoding::Latin1));
}

TEST_CASE("character data: what is none") {
  CHECK_FALSE(characters_to_utf8(Term::atom("a")));
  CHECK_FALSE(characters_to_utf8(Term::list({Term::atom("a")})));
  CHECK_FALSE(characters_to_utf8(Term::list({0xd800})));
  CHECK_FALSE(characters_to_utf8(Term::list({-1})));
}

TEST_CASE("character data: a list of characters") {
  CHECK(character_list(U"a€") == Term::list({'a', 0x20ac}));
  CHECK(character_list(U"").is_nil());
}

TEST_CASE("character data: in Latin-1 what that lacks is escaped") {
  CHECK(utf8_to_latin1("aä€") == "a\xe4\\x{20AC}");
}
