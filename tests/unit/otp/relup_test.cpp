#include "otp/upgrade/relup.h"

#include "applications.h"
#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "sys/files.h"
#include "term/print.h"

namespace otp_relup_test {

using namespace relmk;
using namespace relmk::otp;
using Catch::Matchers::ContainsSubstring;

namespace {

// A release of kernel, stdlib, sasl and `a` in that version.
struct Releases {
  std::vector<UpgradeWarning> warnings;
  ReleaseApplications older = with("1", "{modules,[m]}"), newer = with("2", "{modules,[m]}");

  static ReleaseApplications with(const std::string& version, const std::string& keys,
                                  const std::string& more = "") {
    std::vector<ApplicationResource> applications{test_application("sasl"),
                                                  test_application("a", keys)};
    applications[0].version = "4";
    applications[1].version = version;
    if (!more.empty()) applications.push_back(test_application(more));
    ReleaseApplications release = test_release(applications);
    release.release.version = version;
    return release;
  }
  std::string entry(UpgradeDirection direction, bool restart = false) {
    const AppupScripts scripts = [](UpgradeDirection, const ApplicationResource& app,
                                    const std::string& other) -> UpgradeScript {
      if (app.name != Atom("a")) throw Error("asked for another application");
      return {Term::list({Term::tuple(
                  {Term::atom("apply"),
                   Term::tuple({Term::atom("from"), Term::atom("v" + other), Term()})})}),
              ""};
    };
    return term::print_plain(relup_entry({direction, &newer, &older, restart}, scripts, warnings));
  }
};

}  // namespace

TEST_CASE_METHOD(Releases, "relup: both ways are named after the older release") {
  CHECK(entry(UpgradeDirection::Up) == "{[49],[],[point_of_no_return,{apply,{from,v1,[]}}]}");
  CHECK(entry(UpgradeDirection::Down) == "{[49],[],[point_of_no_return,{apply,{from,v1,[]}}]}");
  CHECK(warnings.empty());
}

TEST_CASE_METHOD(Releases, "relup: a new ERTS starts the emulator and is warned of") {
  newer.release.erts_version = "14";
  CHECK(entry(UpgradeDirection::Up) ==
        "{[49],[],[restart_new_emulator,point_of_no_return,{apply,{from,v1,[]}}]}");
  CHECK(entry(UpgradeDirection::Down) ==
        "{[49],[],[point_of_no_return,{apply,{from,v1,[]}},restart_emulator]}");
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].message ==
        "The ERTS version changed between {\"r\",\"14\"} and {\"r\",\"13\"}");
}

TEST_CASE_METHOD(Releases, "relup: an emulator is restarted at the end where that is asked") {
  CHECK(entry(UpgradeDirection::Up, true) ==
        "{[49],[],[point_of_no_return,{apply,{from,v1,[]}},restart_emulator]}");
}

TEST_CASE_METHOD(Releases,
                 "relup: what comes is started before and removed after on the way back") {
  newer = with("2", "{modules,[m]}", "b");
  CHECK(entry(UpgradeDirection::Up) ==
        "{[49],[],[point_of_no_return,{apply,{application,start,[b,permanent]}},"
        "{apply,{from,v1,[]}}]}");
  CHECK_THAT(entry(UpgradeDirection::Down),
             ContainsSubstring("{apply,{from,v1,[]}},{apply,{application,stop,[b]}}"));
}

TEST_CASE("relup: releases without sasl cannot be upgraded") {
  CHECK_NOTHROW(check_upgradable(test_release({test_application("sasl")})));
  CHECK_THROWS_WITH(check_upgradable(test_release({test_application("a")})),
                    ContainsSubstring("No sasl application in release r, 1. Can not be upgraded."));
}

TEST_CASE("relup: an appup of another version is warned of once") {
  const Scratch scratch;
  std::vector<UpgradeWarning> warnings;
  ApplicationResource newer = test_application("a");
  newer.version = "2";
  newer.ebin = scratch.path;
  sys::write_file(scratch.path / "a.appup", "{\"3\",[{\"1\",[]}],[]}.\n");
  const AppupScripts scripts = appups_in_ebin(warnings);
  for (int i = 0; i < 2; ++i)
    CHECK(scripts(UpgradeDirection::Up, newer, "1").instructions.is_nil());
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0].message, ContainsSubstring("bad_vsn"));
  CHECK_THROWS_WITH(scripts(UpgradeDirection::Down, newer, "1"),
                    ContainsSubstring("No release upgrade script entry for a-2 to a-1 in file"));
}

TEST_CASE("relup: the last release is first") {
  const Term a = Term::atom("a"), b = Term::atom("b");
  CHECK(relup_text(relup_term("2", {a, b}, {a})) == "%% coding: utf-8\n{\"2\",[b,a],[a]}.\n");
}

}  // namespace otp_relup_test
