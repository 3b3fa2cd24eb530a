#include "kazoo/kazoo_ini_scanner.h"

#include "catch.h"
#include "sys/error.h"

namespace kazoo_kazoo_ini_scanner_test {

using namespace relmk;
using namespace relmk::kazoo;

namespace {

// Each lexeme as its kind's first letters and its text: `O Key:aa C`.
std::string scan(std::string_view text) {
  using enum IniLexeme::Kind;
  std::string out;
  for (const IniLexeme& lexeme : scan_kazoo_ini("f", text)) {
    if (!out.empty()) out += ' ';
    const char* kind = "?";
    switch (lexeme.kind) {
      case Equals:
        kind = "=";
        break;
      case Open:
        kind = "[";
        break;
      case Close:
        kind = "]";
        break;
      case Key:
        kind = "key";
        break;
      case Word:
        kind = "word";
        break;
      case Integer:
        kind = "integer";
        break;
      case Float:
        kind = "float";
        break;
      case Quoted:
        kind = "quoted";
        break;
      case Other:
        kind = "other";
        break;
      default:
        break;
    }
    out += kind;
    if (lexeme.kind == Key || lexeme.is_value()) out += ":" + lexeme_text(text, lexeme);
  }
  return out;
}

std::string error_of(std::string_view text) {
  try {
    return scan(text);
  } catch (const Error& error) {
    return error.text().substr(0, error.text().find(';'));
  }
}

}  // namespace

TEST_CASE("kazoo ini scanner: a section and a property") {
  CHECK(scan("[zone]\n") == "[ key:zone ]");
  CHECK(scan("cookie = change me\n") == "key:cookie = word:change me");
}

TEST_CASE("kazoo ini scanner: comments and space are passed over") {
  CHECK(scan("; all of it\n \t\n").empty());
  CHECK(scan("aa = bb ; more\n") == "key:aa = other:bb");
}

TEST_CASE("kazoo ini scanner: the longest match counts") {
  CHECK(scan("=42") == "= integer:42");
  CHECK(scan("=-1.5") == "= float:-1.5");
  CHECK(scan("=42 x") == "= other:42 x");
  CHECK(scan("=1.2.3.4") == "= other:1.2.3.4");
  CHECK(scan("=%%") == "= other:%%");
  CHECK(scan("=a") == "= other:a");
}

TEST_CASE("kazoo ini scanner: a quote goes to the last one of its line") {
  CHECK(scan("=\"a\" b \"c\"\n") == "= quoted:\"a\" b \"c\"");
}

TEST_CASE("kazoo ini scanner: numbers are written as Kazoo writes them") {
  CHECK(scan("=0042") == "= integer:42");
  CHECK(scan("=-0") == "= integer:0");
  CHECK(scan("=1.50") == "= float:1.5");
  CHECK(scan("=0.000001") == "= float:0.000001");
  CHECK(scan("=0.0000001") == "= float:1.0e-7");
  CHECK(scan("=-0.0") == "= float:0.0");
}

TEST_CASE("kazoo ini scanner: what Kazoo does not survive is refused where it stands") {
  CHECK(error_of("[aa]\n  \"x\n") ==
        "f:2:3: error: Kazoo's parser fails at a quote that nothing closes");
  CHECK(error_of("aa=\t42") == "f:1:5: error: Kazoo's parser fails at a number after a tab");
  CHECK(error_of("aa=" + std::string(400, '9') + ".0") ==
        "f:1:4: error: Kazoo's parser fails at a number that is too large");
}

}  // namespace kazoo_kazoo_ini_scanner_test
