#include "relx/config/toml_entry.h"

#include "catch.h"
#include "term/print.h"

namespace relx_toml_entry_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

// A document, and its entries.
struct Document {
  std::string file = "f";
  toml::table table;
  explicit Document(const std::string& text) : table(toml::parse(text)) {}
  std::vector<TomlEntry> all() const { return entries(file, table); }
};

std::string converted(const std::string& value, Term (*convert)(const TomlEntry&)) {
  const Document document("k = " + value);
  try {
    return term::print_pretty(convert(document.all().at(0)));
  } catch (const Error& error) {
    return error.text();
  }
}

}  // namespace

TEST_CASE("toml entry: a table's entries in the order of the text, with their places") {
  const Document document("b = 1\n a = 2\n[c]\nd = 3\n");
  std::string seen;
  for (const TomlEntry& entry : document.all())
    seen += entry.key + std::to_string(entry.at.line) + ":" + std::to_string(entry.at.column) + " ";
  CHECK(seen == "b1:1 a2:2 c3:2 ");
}

TEST_CASE("toml entry: values of one kind, or an error that says which") {
  CHECK(converted("true", boolean) == "true");
  CHECK(converted("1", boolean) == "f:1:5: error: k: expected true or false");
  CHECK(converted("0o755", integer) == "493");
  CHECK(converted("'x'", integer).starts_with("f:1:5: error: k: expected an integer"));
  CHECK(converted("'x y'", string) == "\"x y\"");
  CHECK(converted("'x'", word) == "x");
  CHECK(converted("1", word) == "f:1:5: error: k: expected a name");
}

TEST_CASE("toml entry: one value or an array of them") {
  CHECK(converted("'a'", strings) == "[\"a\"]");
  CHECK(converted("['a', 'b']", words) == "[a,b]");
  CHECK(converted("['a', 1]", words) == "f:1:11: error: k: expected a name or an array of names");
}

TEST_CASE("toml entry: values that may be of two kinds") {
  CHECK(converted("true", boolean_or_string) == "true");
  CHECK(converted("'p'", boolean_or_string) == "\"p\"");
  CHECK(converted("false", string_or_false) == "false");
  CHECK(converted("true", string_or_false) == "f:1:5: error: k: expected a path or false");
  CHECK(converted("['a']", boolean_or_words) == "[a]");
}

TEST_CASE("toml entry: tables by name") {
  CHECK(converted("{ b = 'x', a = ['y', 'z'] }", words_by_name) == "[{b,[x]},{a,[y,z]}]");
  CHECK(converted("{ b = 'x' }", strings_by_name) == "[{b,\"x\"}]");
  CHECK(converted("1", strings_by_name) == "f:1:5: error: k: expected a table of paths");
}

TEST_CASE("toml entry: an overlay variable's value is of any kind") {
  const auto value = [](const TomlEntry& entry) { return value_term(entry, entry.value); };
  CHECK(converted("[1, 1.5, 'a', { b = false }]", value) == "[1,1.5,\"a\",[{b,false}]]");
  CHECK(converted("1979-05-27", value) == "\"1979-05-27\"");
  CHECK(converted("inf", value) == "f:1:5: error: k: expected a number that Erlang has");
}

TEST_CASE("toml entry: a key that is not known is refused, with those that are") {
  const Document document("k = { a = 1, c = 2 }");
  const TomlEntry entry = document.all().at(0);
  CHECK(known_entries(entry, entry.value, {"a", "c"}).size() == 2);
  CHECK_THROWS_WITH(known_entries(entry, entry.value, {"a", "b"}),
                    "f:1:14: error: k: unknown key `c`\nhint: known are: a, b");
}

}  // namespace relx_toml_entry_test
