#include "make/taken_rules.h"

#include "catch.h"

namespace make_taken_rules_test {

using namespace relmk;

namespace {

using Names = std::vector<std::string>;

const make::TakenRules taken = {{"build", "release"}, {"REL"}};

std::string without(const std::string& makefile) {
  return make::without_rules(makefile, taken).text;
}

}  // namespace

TEST_CASE(
    "taken rules: the recipe goes, the prerequisites are handed on, lines keep their numbers") {
  CHECK(without("A = 1\nbuild: $(RELX) clean # why\n\t$(RELX) go\n\tmore\nall: build\n\techo\n") ==
        "A = 1\nbuild: $(call relmk_kept,$(RELX) clean)\n\n\nall: build\n\techo\n");
}

TEST_CASE("taken rules: a recipe behind a semicolon goes too") {
  CHECK(without("build: a ; echo b\n") == "build: $(call relmk_kept,a)\n");
}

TEST_CASE("taken rules: other targets of the same rule keep it") {
  CHECK(without("build all: a\n\techo\n") ==
        "$(eval build: $(call relmk_kept,a))all: a \n\techo\n");
}

TEST_CASE("taken rules: a variable of ours set for a target goes, another one stays") {
  CHECK(without("release: REL ?= kazoo_apps # a | b\nrelease: export X = 'a'\n") ==
        "\nrelease: export X = 'a'\n");
  CHECK(without("release all: export REL := x\n") == "all: export REL := x\n");
}

TEST_CASE("taken rules: lines continued by a backslash are one") {
  CHECK(without("build: a \\\n  b\n\techo a; \\\n\techo b\nx: y\n") ==
        "build: $(call relmk_kept,a  b)\n\n\n\nx: y\n");
}

TEST_CASE("taken rules: conditionals in a recipe stay, what they hold goes") {
  CHECK(without("build:\nifdef X\n\techo\nendif\n\techo\nY = 1\n") ==
        "build: $(call relmk_kept,)\nifdef X\n\nendif\n\nY = 1\n");
}

TEST_CASE("taken rules: what looks like a rule in a define, a recipe or an assignment is none") {
  for (const char* text :
       {"define x\nbuild: a\n\techo\nendef\n", "all:\n\techo build: a\n", "X = build: a\n",
        "build := a\n", "build ::= a\n", "$(info build: a)\n", "# build: a\n", ".PHONY: build\n",
        "rebuild: a\n\techo\n", "ifeq ($(A),build: a)\nendif\n"}) {
    CHECK(without(text) == text);
  }
}

TEST_CASE("taken rules: a nested define ends where it ends") {
  CHECK(without("define x\ndefine y\nbuild: a\nendef\nbuild: b\nendef\nbuild: c\n") ==
        "define x\ndefine y\nbuild: a\nendef\nbuild: b\nendef\nbuild: $(call relmk_kept,c)\n");
}

TEST_CASE("taken rules: double colons, blanks before the colon, no newline at the end") {
  CHECK(without("build :: a\n\techo") == "build: $(call relmk_kept,a)\n");
}

TEST_CASE("taken rules: those that were there are named") {
  CHECK(make::without_rules("release:\nbuild: \nrelease: a\n", taken).targets ==
        Names{"build", "release"});
  CHECK(make::without_rules("all:\n", taken).targets.empty());
}

TEST_CASE("taken rules: names of included files are found") {
  const std::string text = "include a.mk $(B)/b.mk # c\n-include d.mk\n\tinclude e.mk\n";
  CHECK(make::included_names(text) == Names{"a.mk", "$(B)/b.mk", "d.mk"});
}

}  // namespace make_taken_rules_test
