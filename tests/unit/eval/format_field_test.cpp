#include "eval/library/format_field.h"

#include "catch.h"
#include "eval/library/support.h"
#include "sys/utf8.h"
#include "term/character_data.h"

namespace eval_format_field_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

std::string flat(const Term& chars) {
  return sys::utf8(term::chardata(chars).value_or(U"no characters"));
}

FormatControl control(std::optional<int64_t> width, std::optional<int64_t> precision = {},
                      bool left = false) {
  FormatControl made;
  made.width = width;
  made.precision = precision;
  made.left = left;
  return made;
}

}  // namespace

TEST_CASE("format field: padding of any length") {
  for (const int64_t count : {0, 1, 3, 4, 7, 100})
    CHECK(flat(padding(U'-', count)) == std::string(static_cast<size_t>(count), '-'));
  CHECK(padding(U'-', -1).is_nil());
}

TEST_CASE("format field: text goes to one side, stars where it is too long") {
  const Term text = Term::string("abc");
  CHECK(flat(in_field(text, control(5), {})) == "  abc");
  CHECK(flat(in_field(text, control(5, {}, true), {})) == "abc  ");
  CHECK(flat(in_field(text, control(2), {})) == "**");
  CHECK(flat(in_field(text, control(5), 2)) == "   **");
  CHECK(in_field(text, control({}), {}) == text);
}

TEST_CASE("format field: a string is cut to the precision, then padded to the width") {
  const Term text = Term::string("abcdef");
  CHECK(flat(string_in_field(text, control(3))) == "abc");
  CHECK(flat(string_in_field(text, control(8))) == "  abcdef");
  CHECK(flat(string_in_field(text, control(5, 3))) == "  abc");
  CHECK(flat(string_in_field(text, control(5, 3, true))) == "abc  ");
  CHECK(flat(string_in_field(text, control({}, 8))) == "abcdef  ");
  CHECK_THROWS_AS(string_in_field(text, control(2, 3)), UnknownToEvaluator);
}

TEST_CASE("format field: characters of nested data, binaries as UTF-8 or bytes") {
  const Term data = Term::list({Term::binary("ä"), Term::list({Term('x')}), Term('y')});
  CHECK(flat(characters_of(data, true)) == "äxy");
  CHECK(flat(characters_of(data, false)) == "Ã¤xy");
  CHECK(flat(characters_of(Term::atom("abc"), false)) == "abc");
  CHECK_THROWS_AS(characters_of(Term(1), true), UnknownToEvaluator);
  CHECK_THROWS_AS(characters_of(Term::list({300}), false), UnknownToEvaluator);
  CHECK_THROWS_AS(characters_of(Term::list({Term::atom("a")}), true), UnknownToEvaluator);
}

TEST_CASE("format field: floats") {
  CHECK(float_fixed(2.5, 1) == "2.5");
  CHECK(float_fixed(0.125, 2) == "0.13");
  CHECK(float_fixed(-9.99, 1) == "-10.0");
  CHECK(float_fixed(0.001, 2) == "0.00");
  CHECK(float_scientific(12345.678, 3) == "1.23e+4");
  CHECK(float_general(1.5, 6) == "1.50000");
  CHECK(float_general(123456.0, 6) == "1.23456e+5");
  CHECK_THROWS_AS(float_fixed(1e16, 1), UnknownToEvaluator);
  CHECK_THROWS_AS(float_scientific(1.0, 1), UnknownToEvaluator);
}

}  // namespace eval_format_field_test
