#include "start/start_directory.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"

namespace start_start_directory_test {

using namespace relmk;
using namespace relmk::start;

TEST_CASE("start directory: a node's own is private") {
  const Scratch scratch;
  const ReleasePlace release{scratch.path, "demo", "1.0"};
  sys::make_directories(release.version_directory());
  const fs::path directory = StartDirectory(release, {}).of_node({"a", "b"});
  CHECK(directory == release.version_directory() / ".a@b");
  struct stat status = {};
  REQUIRE(::stat(directory.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0700);
}

TEST_CASE("start directory: RELX_OUT_FILE_PATH goes before what is beside") {
  const Scratch scratch;
  const ReleasePlace release{scratch.path, "demo", "1.0"};
  sys::make_directories(scratch.path / "out");
  CHECK(StartDirectory(release, {{"RELX_OUT_FILE_PATH", scratch.path / "out"}})
            .output(scratch.path) == scratch.path / "out");
  CHECK(StartDirectory(release, {{"RELX_OUT_FILE_PATH", "none"}}).output(scratch.path) ==
        scratch.path);
}

TEST_CASE(
    "start directory: XDG_RUNTIME_DIR goes before other places, if something can be made there") {
  const Scratch scratch;
  const ReleasePlace release{scratch.path, "demo_of_a_test", "1.0"};
  CHECK(StartDirectory(release, {{"XDG_RUNTIME_DIR", scratch.path}}).runtime() ==
        scratch.path / "demo_of_a_test");
  CHECK(belongs_to_us(scratch.path / "demo_of_a_test"));
  fs::create_directory_symlink(scratch.path, scratch.path / "link");
  CHECK_FALSE(belongs_to_us(scratch.path / "link"));
}

}  // namespace start_start_directory_test
