#include "term/consult.h"

#include "catch.h"
#include "scratch.h"
#include "term/print.h"

namespace term_consult_test {

using namespace relmk;
using namespace relmk::term;

namespace {

std::string read_as(std::string_view text) {
  std::string out;
  for (const Term& term : consult_text("f", text))
    out += print_plain(term, true) + ". ";
  return out;
}

std::string error_of(std::string_view text) {
  try {
    consult_text("f", text);
  } catch (const Error& error) {
    return error.text();
  }
  return "none";
}

}  // namespace

TEST_CASE("consult: terms") {
  CHECK(read_as("") == "");
  CHECK(read_as("{a, [b|c], #{1 => <<2>>}}.\n'X Y'.") == "{a,[b|c],#{1 => <<2>>}}. 'X Y'. ");
  CHECK(read_as("\"ab\"\n\"c\".") == "[97,98,99]. ");
  CHECK(read_as("-1. +2. -(1). -$a. - 1.5.") == "-1. 2. -1. -97. -1.5. ");
  CHECK(read_as("fun lists:map/2.") == "fun lists:map/2. ");
}

TEST_CASE("consult: the first term, whatever follows") {
  Scratch scratch;
  const fs::path file = scratch.path / "f";
  const auto first = [&](const std::string& text) {
    sys::write_file(file, text);
    const std::optional<Term> term = consult_first_term(file);
    return term ? print_plain(*term, true) : "none";
  };
  CHECK(first("{a, 1}.") == "{a,1}");
  CHECK(first("{a, 1}. {more,[}. 'x") == "{a,1}");
  CHECK(first("% nothing\n") == "none");
  CHECK_THROWS_AS(first("{a, 1}"), Error);
}

TEST_CASE("consult: bit syntax") {
  CHECK(read_as("<<1:16, \"ab\">>.") == "<<0,1,97,98>>. ");
  CHECK(read_as("<<\"å\"/utf8, 1:3>>.") == "<<195,165,1:3>>. ");
  CHECK(read_as("<<1:16/little, (<<5>>)/binary>>.") == "<<1,0,5>>. ");
  CHECK(read_as("<<1.5:32/float>>.") == "<<63,192,0,0>>. ");
}

TEST_CASE("consult: what sizes of segments make is limited, all together") {
  const std::string limit = "error: segments with sizes of more than 16 MiB in a text";
  CHECK(error_of("<<1:134217728>>.") == "none");
  CHECK(error_of("<<1:134217729>>.") == "f:1:3: " + limit);
  CHECK(error_of("<<1:134217728/unit:2>>.") == "f:1:3: " + limit);
  CHECK(error_of("<<1:9223372036854775807/unit:256>>.") == "f:1:3: " + limit);
  CHECK(error_of("[<<1:99999999>>,\n<<2:99999999>>].") == "f:2:3: " + limit);
  CHECK(error_of("<<\"ab\":99999999>>.") == "f:1:3: " + limit);
}

TEST_CASE("consult: a list or tuple knows where it stood") {
  const Terms terms = consult_text("f", "{a,\n  [\"s\"]}.");
  CHECK(terms[0].position() == Position{1, 1});
  CHECK(terms[0][1].position() == Position{2, 3});
  CHECK(terms[0][1][0].position() == Position{2, 4});
}

TEST_CASE("consult: errors are Erlang's") {
  CHECK(error_of("{a,\n b c}.") == "f:2:4: error: syntax error before: c");
  CHECK(error_of("[a,].") == "f:1:4: error: syntax error before: ']'");
  CHECK(error_of("{a,\"b\"") == "f:1:4: error: syntax error before: ");
  CHECK(error_of("{a b} \"x.") == "f:1:7: error: unterminated string starting with \"x.\"");
}

TEST_CASE("consult: an expression that is no term says what makes it none") {
  CHECK(error_of("\n{a,\n X}.") ==
        "f:2:1: error: bad term\nhint: X at line 3, column 2 makes it none");
  CHECK(error_of("X.") == "f:1:1: error: bad term");
  CHECK(error_of("a. b, c.") == "f:1:7: error: bad term");
}

TEST_CASE("consult: terms nested too deeply are refused") {
  const std::string deep(100000, '[');
  CHECK(error_of(deep) == "f:1:1001: error: term nested too deeply");
  CHECK(error_of(std::string(100000, '(') + "1.").ends_with("term nested too deeply"));
  std::string signs;
  for (int i = 0; i < 100000; ++i)
    signs += "- ";
  CHECK(error_of(signs + "1.").ends_with("term nested too deeply"));
}

}  // namespace term_consult_test
