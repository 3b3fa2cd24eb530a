#include "term/print.h"

#include "catch.h"
#include "term/consult.h"

namespace term_print_test {

using namespace relmk;
using namespace relmk::term;

namespace {

Term parsed(std::string_view text) {
  return consult_text("f", text)[0];
}

}  // namespace

TEST_CASE("print: atoms are quoted where they must be") {
  CHECK(print_atom(Atom("a_1@B")) == "a_1@B");
  CHECK(print_atom(Atom("A")) == "'A'");
  CHECK(print_atom(Atom("")) == "''");
  CHECK(print_atom(Atom("a'\n")) == "'a\\'\\n'");
  CHECK(print_atom(Atom("end")) == "'end'");
  CHECK(print_atom(Atom("maybe")) == "'maybe'");
  CHECK(print_atom(Atom("€")) == "'\\x{20AC}'");
  CHECK(print_atom(Atom("€"), true) == "'€'");
}

TEST_CASE("print: floats are the shortest that read back") {
  CHECK(print_float(1.0) == "1.0");
  CHECK(print_float(-0.0) == "-0.0");
  CHECK(print_float(0.1) == "0.1");
  CHECK(print_float(1e10) == "1.0e10");
  CHECK(print_float(100000) == "1.0e5");
  CHECK(print_float(10000) == "1.0e4");
  CHECK(print_float(123456789) == "123456789.0");
  CHECK(print_float(9007199254740992.0) == "9.007199254740992e15");
  CHECK(print_float(5e-324) == "5.0e-324");
}

TEST_CASE("print: plain shows strings as lists") {
  CHECK(print_plain(parsed("{\"ab\",<<\"c\">>,[x|y],#{a=>1}}.")) ==
        "{[97,98],<<99>>,[x|y],#{a => 1}}");
}

TEST_CASE("print: pretty shows printable lists and binaries as text") {
  CHECK(print_pretty(parsed("{\"ab\",<<\"c\">>,[8364],<<\"å\"/utf8>>,<<\"å\">>}.")) ==
        "{\"ab\",<<\"c\">>,[8364],<<\"Ã¥\">>,<<\"å\">>}");
  CHECK(print_pretty(parsed("<<\"å\"/utf8>>."), {true, 80, 0}) == "<<\"å\"/utf8>>");
}

TEST_CASE("print: pretty breaks lines") {
  CHECK(print_pretty(parsed("{application,x,[{vsn,\"1\"},{modules,[a,b]}]}."), {false, 30, 0}) ==
        "{application,x,\n    [{vsn,\"1\"},\n     {modules,[a,b]}]}");
  CHECK(print_pretty(parsed("[aaaa,bbbb,cccc]."), {false, 14, 0}) == "[aaaa,bbbb,\n cccc]");
  CHECK(print_pretty(parsed("[aaaa,bbbb]."), {false, 80, 66}) == "[aaaa,bbbb]");
  CHECK(print_pretty(parsed("#{aaaaa => bbbbb,ccccc => ddddd}."), {false, 20, 0}) ==
        "#{aaaaa => bbbbb,\n  ccccc => ddddd}");
}

}  // namespace term_print_test
