#include "sys/sync.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace sys_sync_test {

using namespace relmk;
using namespace relmk::sys;

TEST_CASE("sync: of what is there, and an error for what is not") {
  const Scratch scratch;
  sync_file_system(scratch.path);
  sync_directory(scratch.path);
  CHECK_THROWS_AS(sync_file_system(scratch.path / "none"), Error);
  CHECK_THROWS_AS(sync_directory(scratch.path / "none"), Error);
}

}  // namespace sys_sync_test
