#include "sys/wildcard.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace sys_wildcard_test {

using namespace relmk;
using namespace relmk::sys;

namespace {

// The matches of a pattern in a small tree, in one line.
std::string in_tree(const std::string& pattern) {
  static const Scratch scratch;
  if (fs::is_empty(scratch.path)) {
    for (const char* name :
         {"a/ebin/a.app", "b-1/ebin/b.app", "b-1/src/b.erl", "b-1/.hidden", "c", "é"}) {
      make_directories((scratch.path / name).parent_path());
      write_file(scratch.path / name, "");
    }
  }
  std::string line;
  for (const fs::path& path : wildcard(pattern, scratch.path))
    line += " " + path.string();
  return line;
}

}  // namespace

TEST_CASE("wildcard: stars, question marks and sets match within one name") {
  CHECK(in_tree("*/ebin/*.app") == " a/ebin/a.app b-1/ebin/b.app");
  CHECK(in_tree("?") == " a c é");
  CHECK(in_tree("[a-b]*") == " a b-1");
  CHECK(in_tree("b-1/*") == " b-1/.hidden b-1/ebin b-1/src");
}

TEST_CASE("wildcard: braces choose, also in the middle of a name") {
  CHECK(in_tree("{a,b-?}/ebin") == " a/ebin b-1/ebin");
  CHECK(in_tree("*/{ebin,src}/b.{app,erl}") == " b-1/ebin/b.app b-1/src/b.erl");
  CHECK_THROWS_AS(in_tree("{a"), Error);
}

TEST_CASE("wildcard: two stars match at every level, the base itself never") {
  CHECK(in_tree("**/b.*") == " b-1/ebin/b.app b-1/src/b.erl");
  CHECK(in_tree("b-1/**") == " b-1/.hidden b-1/ebin b-1/ebin/b.app b-1/src b-1/src/b.erl");
}

TEST_CASE("wildcard: a name without special characters is itself where it exists") {
  CHECK(in_tree("b-1/src") == " b-1/src");
  CHECK(in_tree("é") == " é");
  CHECK(in_tree("nothing") == "");
  CHECK(in_tree("\\[a") == "");
}

TEST_CASE("wildcard: many stars on a long name cost little") {
  WildcardNames tree;
  tree.names_in = [](const fs::path&) {
    return std::vector<std::string>{std::string(200, 'a'), std::string(200, 'a') + "b"};
  };
  tree.exists = [](const fs::path&) { return true; };
  std::string stars;
  for (int i = 0; i < 20; ++i)
    stars += "*a";
  CHECK(wildcard(stars + "*b", tree).size() == 1);
}

TEST_CASE("wildcard: alternatives that multiply have a limit") {
  WildcardNames tree;
  tree.names_in = [](const fs::path&) { return std::vector<std::string>{"abba"}; };
  tree.exists = [](const fs::path&) { return true; };
  CHECK(wildcard("{a,b}{a,b}{a,b}{a,b}", tree).size() == 1);
  const auto repeated = [](const char* text, int count) {
    std::string pattern;
    for (int i = 0; i < count; ++i)
      pattern += text;
    return pattern;
  };
  for (const std::string& pattern : {repeated("{a,b}", 40), repeated("{", 100000),
                                     repeated("{a}", 100000), repeated("*", 100000)}) {
    CHECK_THROWS_WITH(wildcard(pattern, tree),
                      "error: bad pattern: " + pattern.substr(0, 60) +
                          "...: a name has more than 10000 elements, or 1000 braces");
  }
}

}  // namespace sys_wildcard_test
