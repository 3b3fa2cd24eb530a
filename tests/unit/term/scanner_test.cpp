#include "term/scanner.h"

#include <vector>

#include "catch.h"
#include "term/integer.h"

namespace term_scanner_test {

using namespace relmk;
using namespace relmk::term;

namespace {

std::vector<Token> tokens_of(std::string_view text, ScannerOptions options = {}) {
  Scanner scanner("f", sys::code_points(text), options);
  std::vector<Token> tokens;
  for (Token token = scanner.next(); token.kind != TokenKind::End; token = scanner.next())
    tokens.push_back(token);
  return tokens;
}

Token token_of(std::string_view text) {
  const std::vector<Token> tokens = tokens_of(text);
  REQUIRE(tokens.size() == 1);
  return tokens[0];
}

std::string error_of(std::string_view text) {
  try {
    tokens_of(text);
  } catch (const Error& error) {
    return error.text();
  }
  return "none";
}

}  // namespace

TEST_CASE("scanner: positions count characters") {
  const auto tokens = tokens_of("{\"å\",\n  x}.\n%å\ny");
  REQUIRE(tokens.size() == 7);
  CHECK(tokens[2].at == Position{1, 5});
  CHECK(tokens[3].at == Position{2, 3});
  CHECK(tokens[5].kind == TokenKind::Dot);
  CHECK(tokens[6].at == Position{4, 1});
}

TEST_CASE("scanner: kinds of words") {
  CHECK(token_of("foo@bar_1").kind == TokenKind::Atom);
  CHECK(token_of("åäö").text == "åäö");
  CHECK(token_of("_x").kind == TokenKind::Variable);
  CHECK(token_of("Ångström").kind == TokenKind::Variable);
  CHECK(token_of("'hello \\'world\\''").text == "hello 'world'");
  CHECK(token_of("orelse").kind == TokenKind::Reserved);
  CHECK(token_of("'orelse'").kind == TokenKind::Atom);
  CHECK(token_of("maybe").kind == TokenKind::Atom);
  CHECK(tokens_of("maybe", {true})[0].kind == TokenKind::Reserved);
}

TEST_CASE("scanner: integers") {
  CHECK(token_of("123_456").value == Term(123456));
  CHECK(token_of("16#fF_fF").value == Term(65535));
  CHECK(token_of("36#zz").value == Term(1295));
  CHECK(token_of("9223372036854775807").value == Term(INT64_MAX));
  CHECK(token_of("9223372036854775808").value.as_big().value.get_str() == "9223372036854775808");
  CHECK(token_of("16#ffffffffffffffffffffffffffffffff").value.as_big().value.get_str() ==
        "340282366920938463463374607431768211455");
  CHECK(token_of("000000000000000000000000000000007").value == Term(7));
  CHECK(tokens_of("1_000_").size() == 2);
  CHECK(error_of("37#1") == "f:1:1: error: illegal base '37'");
  CHECK(error_of("2#2") == "f:1:1: error: illegal integer");
}

TEST_CASE("scanner: floats") {
  CHECK(token_of("1.5").value == Term(1.5));
  CHECK(token_of("1_0.2_5e-1").value == Term(1.025));
  CHECK(token_of("1.0e-400").value == Term(0.0));
  CHECK(tokens_of("1.x").size() == 3);
  CHECK(error_of(" 1.0e") == "f:1:2: error: illegal float");
  CHECK(error_of("1.0e400") == "f:1:1: error: illegal float");
}

TEST_CASE("scanner: characters and escapes") {
  CHECK(token_of("$a").value == Term('a'));
  CHECK(token_of("$\\n").value == Term('\n'));
  CHECK(token_of("$\\x{20ac}").value == Term(0x20ac));
  CHECK(token_of("$\\^A").value == Term(1));
  CHECK(token_of("$\\377").value == Term(255));
  CHECK(token_of("$ ").value == Term(' '));
  CHECK(token_of(R"("\x41\101\e\s\d\q")").text == "AA\x1b \x7fq");
  CHECK(error_of("$") == "f:1:1: error: unterminated character");
  CHECK(error_of("\"ab\\x{110000}\"") == "f:1:4: error: illegal character");
}

TEST_CASE("scanner: unterminated strings show their beginning") {
  CHECK(error_of("x \"0123456789abcdefgh") ==
        "f:1:3: error: unterminated string starting with \"0123456789abcdef\"");
  CHECK(error_of("'a\n") == "f:1:1: error: unterminated atom starting with 'a\\n'");
}

TEST_CASE("scanner: the longest punctuation wins") {
  std::string all;
  for (const Token& token : tokens_of("=:=/==<=>>=>>->--++||:=::.....?=<-!"))
    all += token.text + " ";
  CHECK(all == "=:= /= =< => >= >> -> -- ++ || := :: ... .. ?= <- ! ");
}

TEST_CASE("scanner: a full stop needs white space, a comment or the end after it") {
  CHECK(tokens_of("a.b")[1].kind == TokenKind::Punctuation);
  CHECK(tokens_of("a.%b")[1].kind == TokenKind::Dot);
  CHECK(tokens_of("a.")[1].kind == TokenKind::Dot);
}

TEST_CASE("scanner: atoms of more than 255 characters are illegal") {
  CHECK(tokens_of(std::string(255, 'a')).size() == 1);
  CHECK(error_of(std::string(256, 'a')) == "f:1:1: error: illegal atom");
}

TEST_CASE("scanner: triple-quoted strings lose their indentation") {
  const Token token = token_of("\"\"\"\n  a\\n\n    b\n\n  \"\"\"");
  CHECK(token.kind == TokenKind::String);
  CHECK(token.text == "a\\n\n  b\n");
  CHECK(token_of("\"\"\"\"\n\"\"\"\n\"\"\"\"").text == "\"\"\"");
  CHECK(token_of("\"\"\"\n\"\"\"").text.empty());
  CHECK(error_of("\"\"\"\n a\n  \"\"\"") ==
        "f:2:2: error: bad indentation in triple-quoted string");
  CHECK(tokens_of("\"\"\"a\"\"\"").size() == 3);
}

TEST_CASE("scanner: sigils") {
  const Token token = token_of("~b\"a\\n\"");
  CHECK(token.kind == TokenKind::Sigil);
  CHECK(token.sigil == "b");
  CHECK(token.text == "a\n");
  CHECK(token_of("~B[a\\n\\]]").text == "a\\n]");
  CHECK(token_of("~\"x\"").sigil.empty());
  CHECK(error_of("~q\"\"") == "f:1:1: error: illegal sigil prefix");
  CHECK(tokens_of("~ b").size() == 2);
}

TEST_CASE("scanner: encoding comments") {
  CHECK(decode_source("f", "\xc3\xa5") == U"å");
  CHECK(decode_source("f", "%% -*- coding: latin-1 -*-\n\xe5") == U"%% -*- coding: latin-1 -*-\nå");
  CHECK(decode_source("f", "x\n% coding = Latin-1\n\xe5").back() == U'å');
  CHECK_THROWS_WITH(decode_source("f", "\n\n% coding: latin-1\n \xe5"),
                    "f:4:2: error: cannot translate from UTF-8");
  CHECK_THROWS_AS(decode_source("f", "coding: latin-1\n\xe5"), Error);
}

}  // namespace term_scanner_test
