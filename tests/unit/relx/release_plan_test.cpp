#include "relx/release/release_plan.h"

#include "catch.h"
#include "project.h"
#include "sys/error.h"

namespace relx_release_plan_test {

using namespace relmk;
using namespace relmk::relx;

TEST_CASE("release plan: has the applications, the release's files and its start script") {
  const ReleaseProject project;
  const PlannedRelease release = project.plan();
  CHECK(release.directory == project.scratch.path / "_rel/r");
  for (const char* path :
       {"lib/own-1/ebin/own.app", "releases/1/r.rel", "releases/1/start.boot", "releases/1/vm.args",
        "releases/RELEASES", "releases/start_erl.data", "bin/r", "bin/r-1"}) {
    INFO(path);
    CHECK(release.plan.find(path) != nullptr);
  }
  REQUIRE(release.narrowed.size() == release.resolved.applications.size());
  CHECK(release.narrowed.back().name.text() == "own");
  CHECK_FALSE(release.preloaded.empty());
}

TEST_CASE("release plan: writes nothing") {
  const ReleaseProject project;
  project.plan();
  CHECK_FALSE(fs::exists(project.scratch.path / "_rel"));
}

TEST_CASE("release plan: what the command line says goes before the configuration") {
  ReleaseProject project;
  project.request.mode = Term::atom("dev");
  const PlannedRelease dev = project.plan("{mode,prod}.");
  CHECK(dev.config.mode == Mode::Dev);
  REQUIRE(dev.plan.find("lib/own-1") != nullptr);
  CHECK(dev.plan.find("lib/own-1")->kind == plan::PlannedFile::Kind::Link);
  project.request.name = "other";
  CHECK_THROWS_AS(project.plan(), Error);
}

TEST_CASE("release plan: applications in ERL_LIBS are found too") {
  ReleaseProject project;
  project.request.lib_dirs.clear();
  CHECK_THROWS_AS(project.plan(), Error);
  project.request.config.environment["ERL_LIBS"] = (project.scratch.path / "apps").string();
  CHECK(project.plan().plan.find("lib/own-1/ebin/own.app") != nullptr);
}

TEST_CASE("release plan: a node type gets a boot file of its own") {
  ReleaseProject project;
  project.request.node_types = {Atom("own")};
  CHECK(project.plan().plan.find("releases/1/own.boot") != nullptr);
  CHECK_THROWS_WITH(
      project.plan("{node_types,[nobody]}."),
      Catch::Matchers::ContainsSubstring("node type nobody is no application of release r"));
}

TEST_CASE("release plan: relmk's tools lie where this program does") {
  CHECK(fs::equivalent(own_tools_dir(), fs::read_symlink("/proc/self/exe").parent_path()));
}

}  // namespace relx_release_plan_test
