#include "mix/boot_files.h"

#include "catch.h"
#include "term/consult.h"
#include "term/print.h"

namespace mix_boot_files_test {

using namespace relmk;

namespace {

std::string mix_script(const std::string& text, const std::string& first, bool providers) {
  const Term script = term::consult_text("script", text).at(0);
  return term::print_plain(mix::mix_boot_script(script, first, providers));
}

Term term_of(const std::string& text) {
  return term::consult_text("expected", text).at(0);
}

}  // namespace

TEST_CASE("mix boot script: protocols go before paths of $RELEASE_LIB only") {
  const std::string made = mix_script(
      R"({script, {"a", "1"}, [{path, ["$ROOT/lib/x/ebin"]}, {path, ["$ROOT/lib/x/ebin", "$RELEASE_LIB/a/ebin"]}]}.)",
      "$RELEASE_LIB/c", false);
  CHECK(
      made ==
      term::print_plain(term_of(
          R"({script, {"a", "1"}, [{path, ["$ROOT/lib/x/ebin"]}, {path, ["$RELEASE_LIB/c", "$ROOT/lib/x/ebin", "$RELEASE_LIB/a/ebin"]}]}.)")));
}

TEST_CASE("mix boot script: providers run after stdlib's start, once") {
  const std::string made = mix_script(
      R"({script, {"a", "1"}, [{apply, {application, start_boot, [kernel, permanent]}},
          {apply, {application, start_boot, [stdlib, permanent]}},
          {apply, {application, start_boot, [a, permanent]}}]}.)",
      "", true);
  CHECK(made ==
        term::print_plain(term_of(
            R"({script, {"a", "1"}, [{apply, {application, start_boot, [kernel, permanent]}},
          {apply, {application, start_boot, [stdlib, permanent]}},
          {apply, {'Elixir.Config.Provider', boot, []}},
          {apply, {application, start_boot, [a, permanent]}}]}.)")));
}

}  // namespace mix_boot_files_test
