#include "sys/mount.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace sys_mount_test {

using namespace relmk;
using namespace relmk::sys;

TEST_CASE("mount: what is below a directory is on its mount, unless it is one itself") {
  const Scratch scratch;
  CHECK(mount_of(scratch.path) == mount_of(scratch.path / "."));
  fs::create_directory_symlink("/proc", scratch.path / "link");
  CHECK(mount_of(scratch.path / "link") == mount_of("/proc"));
  CHECK(mount_of(scratch.path) != mount_of("/proc"));
  CHECK_THROWS_AS(mount_of(scratch.path / "none"), Error);
}

}  // namespace sys_mount_test
