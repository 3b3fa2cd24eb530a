#include "term/pretty_piece.h"

#include "catch.h"
#include "term/consult.h"

namespace term_pretty_piece_test {

using namespace relmk;
using namespace relmk::term;
using Kind = Piece::Kind;

namespace {

Piece piece(std::string_view text, bool unicode = true) {
  return pretty_piece(consult_text("f", text).front(), unicode);
}

}  // namespace

TEST_CASE("pretty piece: the length is that on one line") {
  for (const char* text : {"a", "[a,1]", "[a|b]", "{a,b}", "{}", "[]", "#{}", "#{a => 1,b => 2}",
                           "<<1,2,3:4>>", "<<\"abc\">>", "\"abc\"", "{[1,{x}],'A b'}"}) {
    CHECK(piece(std::string(text) + ".").length == static_cast<int>(std::string(text).size()));
  }
}

TEST_CASE("pretty piece: characters are counted, not bytes") {
  CHECK(piece("'ä€'.").length == 4);
  CHECK(piece("\"ä\".").length == 3);
}

TEST_CASE("pretty piece: a tuple is tagged where an atom stands before more") {
  CHECK(piece("{a,b}.").kind == Kind::TaggedTuple);
  CHECK(piece("{a}.").kind == Kind::Tuple);
  CHECK(piece("{1,b}.").kind == Kind::Tuple);
  CHECK(piece("{}.").is_text());
}

TEST_CASE("pretty piece: strings are texts, other lists have parts") {
  CHECK(piece("[97,98].").text == "\"ab\"");
  CHECK(piece("[97,7].").kind == Kind::List);
  const Piece improper = piece("[a|b].");
  CHECK(improper.is_improper);
  CHECK(improper.parts.size() == 2);
  CHECK_FALSE(piece("[a,b].").is_improper);
}

TEST_CASE("pretty piece: binaries are texts where all of it can be printed") {
  CHECK(piece("<<\"ab\">>.").text == "<<\"ab\">>");
  CHECK(piece("<<195,164>>.").text == "<<\"ä\"/utf8>>");
  CHECK(piece("<<228>>.", false).is_text());
  const Piece segments = piece("<<1,2,3:4>>.");
  CHECK(segments.kind == Kind::Binary);
  CHECK(segments.parts.size() == 3);
}

TEST_CASE("pretty piece: a pair of texts is atomic, one of a list is not") {
  const Piece map = piece("#{a => 1,b => [x]}.");
  REQUIRE(map.parts.size() == 2);
  CHECK(map.kind == Kind::Map);
  CHECK(map.parts[0].is_atomic());
  CHECK_FALSE(map.parts[1].is_atomic());
  CHECK_FALSE(map.is_atomic());
}

}  // namespace term_pretty_piece_test
