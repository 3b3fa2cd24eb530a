#include "otp/upgrade/application_upgrade.h"

#include "catch.h"
#include "term/print.h"
#include "versions.h"

namespace otp_application_upgrade_test {

using namespace relmk;
using namespace relmk::otp;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Fixture : ApplicationVersions {
  // A further application, of version 1 and without modules.
  ApplicationDirectory other(const std::string& name) const {
    const fs::path ebin = scratch.path / name / "ebin";
    sys::make_directories(ebin);
    sys::write_file(ebin / (name + ".app"),
                    "{application," + name +
                        ",[{description,\"\"},{vsn,\"1\"},{registered,[]},{modules,[]},"
                        "{applications,[kernel]}]}.\n");
    return {scratch.path / name};
  }
  ApplicationDirectory a(const std::string& version) const { return {path(version)}; }
};

using Kind = ApplicationChange::Kind;

}  // namespace

TEST_CASE_METHOD(Fixture, "application upgrade: what comes what changes and what goes") {
  put("1", {{"m", "lists"}});
  put("2", {{"m", "maps"}});
  const ApplicationUpgrade upgrade = application_upgrade({other("gone"), a("1"), other("kept")},
                                                         {a("2"), other("kept"), other("added")});
  REQUIRE(upgrade.changes.size() == 4);
  CHECK(upgrade.changes[0].kind == Kind::Changed);
  CHECK(upgrade.changes[0].source == ApplicationChange::Source::Made);
  CHECK((upgrade.changes[0].from == "1" && upgrade.changes[0].to == "2"));
  CHECK(upgrade.changes[1].kind == Kind::Unchanged);
  CHECK(upgrade.changes[2].kind == Kind::Added);
  CHECK(upgrade.changes[3].kind == Kind::Removed);
  CHECK(upgrade.changes[3].name == Atom("gone"));
  CHECK(term::print_plain(Term::list(upgrade.instructions)) ==
        "[{load_object_code,{a,[50],[m]}},point_of_no_return,"
        "{apply,{application,start,[added,permanent]}},{load,{m,brutal_purge,brutal_purge}},"
        "{apply,{application,stop,[gone]}},{purge,[]},{apply,{application,unload,[gone]}}]");
}

TEST_CASE_METHOD(Fixture, "application upgrade: one by hand goes first") {
  put("1", {{"m", "lists"}});
  put("2", {{"m", "maps"}});
  const fs::path file = scratch.path / "appups/a/1-2.appup";
  sys::make_directories(file.parent_path());
  sys::write_file(file, "{\"2\",[{\"1\",[{apply,{mine,up,[]}}]}],[{\"1\",[]}]}.\n");
  const ApplicationUpgrade upgrade =
      application_upgrade({a("1")}, {a("2")}, {scratch.path / "appups", true});
  CHECK(upgrade.changes[0].source == ApplicationChange::Source::Directory);
  CHECK(upgrade.changes[0].file == file);
  CHECK(term::print_plain(Term::list(upgrade.instructions)) ==
        "[point_of_no_return,{apply,{mine,up,[]}}]");
}

TEST_CASE_METHOD(Fixture, "application upgrade: none is made where none is wanted") {
  put("1", {});
  put("2", {});
  CHECK_THROWS_WITH(application_upgrade({a("1")}, {a("2")}, {"", false}),
                    ContainsSubstring("a.appup"));
}

TEST_CASE_METHOD(Fixture, "application upgrade: code that changed under one version") {
  put("1", {{"m", "lists"}});
  fs::rename(path("1"), scratch.path / "old");
  put("1", {{"m", "maps"}});
  CHECK_THROWS_WITH(application_upgrade({{scratch.path / "old"}}, {a("1")}),
                    ContainsSubstring("a changed and kept its version 1: m"));
}

}  // namespace otp_application_upgrade_test
