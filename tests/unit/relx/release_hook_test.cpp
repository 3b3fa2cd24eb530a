#include "relx/release/release_hook.h"

#include <fmt/format.h>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace relx_release_hook_test {

using namespace relmk;
using Kind = plan::PlannedFile::Kind;

namespace {

// A release of one planned file, bin/planned, in which commands run.
struct Release {
  Scratch scratch;
  relx::PlannedRelease release;

  Release() {
    release.directory = scratch.path / "_rel" / "r";
    release.resolved.release.name = "r";
    release.resolved.release.version = "1";
    release.overlay_paths = {"etc"};
    release.plan.add("bin/planned", {Kind::Content, {}, "x", {}});
    for (const char* directory : {"bin", "etc", "log", "lib/a-1", "releases/1"})
      sys::make_directories(release.directory / directory);
    sys::make_directories(release.directory.parent_path() / ".relmk");
    sys::write_file(release.directory / "bin/planned", "x");
    sys::write_file(release.directory / "bin/others", "x");
  }
  void run(const std::string& command) {
    relx::run_release_hook(
        release, fmt::format("cd '{}' && {{ {}; }}", release.directory.native(), command), {});
  }
  // The paths that are packed beside bin/planned.
  std::string added() const {
    std::string all;
    const plan::TarEntry planned{"bin/planned", release.directory / "bin/planned", 0644};
    for (const plan::TarEntry& entry : relx::with_hook_files(release, {planned}))
      if (entry.path != "bin/planned") all += entry.path + " ";
    return all;
  }
};

}  // namespace

TEST_CASE("release hook: what it adds is packed, in the places that are") {
  Release release;
  release.run(
      "for d in bin etc log lib/a-1 releases/1; do echo x >$d/new; done; echo y >>bin/planned");
  CHECK(release.added() == "bin/new etc/new lib/a-1/new releases/1/new ");
}

TEST_CASE("release hook: what it changes of others' files is packed, what it leaves alone is not") {
  Release release;
  release.run("true");
  CHECK(release.added().empty());
  release.run("echo y >>bin/others");
  CHECK(release.added() == "bin/others ");
}

TEST_CASE("release hook: a later build that adds nothing packs what was added before") {
  Release release;
  release.run("echo x >bin/new; echo x >bin/gone");
  release.run("rm bin/gone");
  CHECK(release.added() == "bin/new ");
}

TEST_CASE("release hook: modes are those of the files") {
  Release release;
  release.run("echo x >bin/new; chmod 700 bin/new");
  CHECK(relx::with_hook_files(release.release, {}).at(0).mode == 0700);
}

TEST_CASE("release hook: one that fails is an error, and none is none") {
  Release release;
  CHECK_THROWS_AS(release.run("exit 3"), Error);
  relx::run_release_hook(release.release, "", {});
  CHECK(release.added().empty());
}

TEST_CASE("release hook: one that does not end is ended, and what sets its time is told") {
  CHECK_THROWS_WITH(relx::run_hook("exec sleep 300", {{"RELMK_HOOK_TIMEOUT", "1"}}),
                    "error: the hook exec sleep 300 has not ended within 1 seconds\n"
                    "hint: RELMK_HOOK_TIMEOUT sets this limit");
}

}  // namespace relx_release_hook_test
