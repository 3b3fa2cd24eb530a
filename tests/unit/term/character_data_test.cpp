#include "term/character_data.h"

#include "catch.h"

namespace term_character_data_test {

using namespace relmk;
using namespace relmk::term;

TEST_CASE("character data: deep lists of characters and binaries") {
  const Term data = Term::list({Term('a'), Term::list({Term::binary("ä"), Term(0x20ac)})});
  CHECK(chardata_utf8(data) == "aä€");
  CHECK(chardata(data) == U"aä€");
  CHECK(chardata_utf8(Term::improper_list({Term('a')}, Term::binary("b"))) == "ab");
  CHECK(chardata_utf8(Term::binary("")) == "");
}

TEST_CASE("character data: binaries in Latin-1, and characters that it lacks") {
  CHECK(chardata_utf8(Term::binary("\xe4"), Encoding::Latin1) == "ä");
  CHECK(chardata_utf8(Term::list({0xe4}), Encoding::Latin1) == "ä");
  CHECK_FALSE(chardata_utf8(Term::list({0x20ac}), Encoding::Latin1));
}

TEST_CASE("character data: what is none") {
  for (const Term& none :
       {Term::atom("a"), Term('a'), Term::list({Term::atom("a")}), Term::list({0xd800}),
        Term::list({-1}), Term::list({0x110000}), Term::binary("\xe4"),
        Term::list({Term::binary("a\xff")}), Term::improper_list({Term('a')}, Term('b'))}) {
    CAPTURE(none);
    CHECK_FALSE(chardata_utf8(none));
    CHECK_FALSE(chardata(none));
  }
}

TEST_CASE("character data: bytes of iodata") {
  CHECK(iodata(Term::list({Term(0xff), Term::binary("a\xe4"), Term::list({0})})) ==
        std::string("\xff"
                    "a\xe4\0",
                    4));
  CHECK_FALSE(iodata(Term::list({256})));
  CHECK_FALSE(iodata(Term(1)));
}

TEST_CASE("character data: a list of characters") {
  CHECK(character_list(U"a€") == Term::list({'a', 0x20ac}));
  CHECK(character_list(U"").is_nil());
}

}  // namespace term_character_data_test
