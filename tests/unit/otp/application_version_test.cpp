#include "otp/upgrade/application_version.h"

#include "catch.h"
#include "versions.h"

namespace otp_application_version_test {

using namespace relmk;
using namespace relmk::otp;
using Catch::Matchers::ContainsSubstring;

TEST_CASE_METHOD(ApplicationVersions, "application version: an ebin or the directory above it") {
  put("1", {{"m", "lists"}});
  CHECK(read_version(path("1")).resource.version == "1");
  const ApplicationVersion version = read_version(path("1") / "ebin");
  CHECK(version.resource.name == Atom("a"));
  REQUIRE(version.files.size() == 1);
  CHECK(version.files.at("m") == path("1") / "ebin/m.beam");
}

TEST_CASE_METHOD(ApplicationVersions, "application version: one application in it") {
  CHECK_THROWS_WITH(read_version(path("1")), ContainsSubstring("no such directory"));
  put("1", {});
  sys::write_file(path("1") / "ebin/b.app", "{application,b,[]}.");
  CHECK_THROWS_WITH(read_version(path("1")), ContainsSubstring("more than one"));
  fs::remove(path("1") / "ebin/a.app");
  fs::remove(path("1") / "ebin/b.app");
  CHECK_THROWS_WITH(read_version(path("1")), ContainsSubstring("no application resource file"));
}

TEST_CASE_METHOD(ApplicationVersions,
                 "application version: modules are compared by what executes") {
  put("1", {{"goes", "lists"}, {"changes", "lists"}, {"stays", "maps"}, {"stripped", "lists"}});
  put("2", {{"changes", "maps"}, {"comes", "lists"}, {"stays", "maps"}, {"stripped", "lists"}});
  const beam::BeamFile whole(path("2") / "ebin/stripped.beam");
  sys::write_file(path("2") / "ebin/stripped.beam", whole.stripped({}));
  const auto modules = read_modules(read_version(path("1")), read_version(path("2")));
  REQUIRE(modules.size() == 5);
  CHECK(modules[0].name == Atom("changes"));
  CHECK(modules[0].change == ModuleChange::Changed);
  CHECK(modules[1].name == Atom("comes"));
  CHECK(modules[1].change == ModuleChange::Added);
  CHECK_FALSE(modules[1].from);
  CHECK(modules[2].name == Atom("goes"));
  CHECK(modules[2].change == ModuleChange::Deleted);
  CHECK(&modules[2].newest() == modules[2].from.get());
  CHECK(modules[3].change == ModuleChange::Same);
  CHECK(modules[4].name == Atom("stripped"));
  CHECK(modules[4].change == ModuleChange::Same);
}

TEST_CASE_METHOD(ApplicationVersions,
                 "application version: a module that the .app names has a file") {
  put("1", {{"m", "lists"}});
  put("2", {{"m", "lists"}});
  fs::remove(path("2") / "ebin/m.beam");
  CHECK_THROWS_WITH(read_modules(read_version(path("1")), read_version(path("2"))),
                    ContainsSubstring("a.app: error: a: its module m has no file m.beam"));
}

}  // namespace otp_application_version_test
