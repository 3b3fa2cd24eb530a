// Files that are computed, in an assembly: see plan/plan.h.
#include <sys/stat.h>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "catch.h"
#include "plan/assemble.h"
#include "scratch.h"

namespace plan_computed_file_test {

using namespace relmk;
using namespace relmk::plan;
using Kind = PlannedFile::Kind;

namespace {

struct Release {
  Scratch scratch;
  fs::path root = scratch.path / "_rel/r";
  int computed = 0;

  // A release of one file, computed of what `digest` stands for.
  Assembly make(const std::string& digest, const std::string& text) {
    Plan plan;
    const auto compute = [this, text] { return ++computed, text; };
    plan.add("a", {Kind::Computed,
                   {},
                   digest,
                   {},
                   std::make_shared<const std::function<std::string()>>(compute)});
    return assemble(plan, {scratch.path / "_rel", "r", "1"});
  }
  std::string text() const { return sys::read_file(root / "a"); }
};

// What has just been made may be changed without a trace until the file system's clock has ticked.
void wait_for_tick() {
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

ino_t inode(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

TEST_CASE("assemble: what is computed is computed only where its digest has changed") {
  Release release;
  release.make("1", "x");
  CHECK(release.text() == "x");
  wait_for_tick();
  // The file was too new to be known again; now it isn't.
  CHECK_FALSE(release.make("1", "x").changed);
  release.computed = 1;
  CHECK_FALSE(release.make("1", "never seen").changed);
  CHECK(release.computed == 1);
  // Another digest, but the same text: the file stays.
  const ino_t there = inode(release.root / "a");
  CHECK_FALSE(release.make("2", "x").changed);
  CHECK(inode(release.root / "a") == there);
  CHECK(release.computed == 2);
  CHECK(release.make("3", "y").written == 1);
  CHECK(release.text() == "y");
  wait_for_tick();
  // What somebody else has written there gives way.
  sys::write_file(release.root / "a", "theirs");
  CHECK(release.make("3", "y").changed);
  CHECK(release.text() == "y");
}

}  // namespace plan_computed_file_test
