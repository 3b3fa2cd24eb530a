#include "term/toml_depth.h"

#include "catch.h"
#include "sys/error.h"

namespace term_toml_depth_test {

using namespace relmk;
using namespace relmk::term;

namespace {

bool is_too_deep(const std::string& text) {
  try {
    check_toml_depth("a.toml", text);
    return false;
  } catch (const Error&) {
    return true;
  }
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i)
    out += text;
  return out;
}

}  // namespace

TEST_CASE("toml depth: parts of a key, of a table's name, and of what they hold are counted") {
  CHECK_FALSE(is_too_deep(repeated("a.", 249) + "a = 1\n"));
  CHECK(is_too_deep(repeated("a.", 250) + "a = 1\n"));
  CHECK(is_too_deep(repeated("'a' . ", 50'000) + "a = 1\n"));
  CHECK(is_too_deep("[" + repeated("a.", 200) + "a]\n" + repeated("b.", 60) + "b = 1\n"));
  CHECK(is_too_deep("[[" + repeated("a.", 300) + "a]]\n"));
  CHECK(is_too_deep("x = " + repeated("{a.b.c = ", 100) + "1" + repeated("}", 100)));
  CHECK(is_too_deep("x = " + repeated("[", 300)));
}

TEST_CASE("toml depth: what stands beside each other does not nest, and a value's dots count not") {
  CHECK_FALSE(is_too_deep("x = [" + repeated("1.5, ", 1000) + "]\n"));
  CHECK_FALSE(is_too_deep(repeated("a.b.c = 1.0\n", 1000)));
  CHECK_FALSE(is_too_deep(repeated("[a.b]\nc = { d.e = 1, f = [1.0, {g.h = 2}] }\n", 1000)));
  CHECK_FALSE(is_too_deep("a = \"" + repeated("\\\".", 1000) + "\"\n# " + repeated("a.", 1000)));
  CHECK_FALSE(is_too_deep("a = '''" + repeated("a.'\n", 1000) + "'''\nb = 1.5\n"));
}

TEST_CASE("toml depth: the place is told") {
  CHECK_THROWS_WITH(check_toml_depth("a.toml", "x = 1\n" + repeated("a.", 250) + "a = 1\n"),
                    "a.toml:2:500: error: tables and arrays are nested more than 250 deep");
}

}  // namespace term_toml_depth_test
