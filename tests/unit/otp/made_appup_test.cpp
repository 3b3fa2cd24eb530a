#include "otp/upgrade/made_appup.h"

#include "catch.h"
#include "otp/upgrade/appup_search.h"
#include "term/print.h"
#include "versions.h"

namespace otp_made_appup_test {

using namespace relmk;
using namespace relmk::otp;
using Catch::Matchers::ContainsSubstring;

TEST_CASE_METHOD(ApplicationVersions, "made appup: modules that come go and change") {
  put("1", {{"goes", "lists"}, {"changes", "lists"}, {"stays", "maps"}});
  put("2", {{"comes", "lists"}, {"changes", "maps"}, {"stays", "maps"}});
  const MadeAppup made = make_appup(path("1"), path("2"));
  CHECK_FALSE(made.is_refused());
  CHECK(term::print_plain(made.up) ==
        "[{load_module,changes},{add_module,comes},{delete_module,goes}]");
  CHECK(term::print_plain(made.down) ==
        "[{add_module,goes},{delete_module,comes},{load_module,changes}]");
  CHECK_THAT(explanation(made),
             ContainsSubstring("comes: add_module: it is new\n") &&
                 ContainsSubstring("stays: nothing: what executes is the same\n"));
}

TEST_CASE_METHOD(ApplicationVersions, "made appup: equal code needs no instruction") {
  put("1", {{"m", "lists"}});
  put("2", {{"m", "lists"}});
  CHECK(term::print_plain(make_appup(path("1"), path("2")).term()) ==
        "{[50],[{[49],[]}],[{[49],[]}]}");
}

TEST_CASE_METHOD(ApplicationVersions, "made appup: a process with a state is updated") {
  put("1", {{"m", "lists"}});
  put("2", {{"m", "gen_server"}});
  CHECK(term::print_plain(make_appup(path("1"), path("2")).up) == "[{update,m,{advanced,[]}}]");
}

TEST_CASE_METHOD(ApplicationVersions,
                 "made appup: code that changed under one version is refused") {
  put("1", {{"m", "lists"}});
  fs::rename(path("1"), scratch.path / "old");
  put("1", {{"m", "maps"}});
  const MadeAppup made = make_appup(scratch.path / "old", path("1"));
  REQUIRE(made.is_refused());
  CHECK_THAT(made.faults.at(0).text(),
             ContainsSubstring("m.beam: error: m: it changed, but the application a is of version "
                               "1 as before\nhint: give the application a new version"));
}

TEST_CASE_METHOD(ApplicationVersions, "made appup: a module that the .app does not name") {
  put("1", {{"m", "lists"}});
  put("2", {{"m", "lists"}});
  fs::copy_file(path("1") / "ebin/m.beam", path("2") / "ebin/other.beam");
  const MadeAppup made = make_appup(path("1"), path("2"));
  CHECK_FALSE(made.is_refused());
  CHECK_THAT(made.faults.at(0).text(), ContainsSubstring("warning: other: it is not among"));
}

TEST_CASE_METHOD(ApplicationVersions, "made appup: the text is marked as made") {
  put("1", {{"m", "lists"}});
  put("2", {{"m", "maps"}});
  sys::write_file(path("2") / "ebin/a.appup", made_appup_text(make_appup(path("1"), path("2"))));
  CHECK(is_made_appup(path("2") / "ebin/a.appup"));
  CHECK(commented("one\ntwo\n") == "%% one\n%% two\n");
}

}  // namespace otp_made_appup_test
