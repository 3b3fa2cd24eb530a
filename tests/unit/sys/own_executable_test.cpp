#include "sys/own_executable.h"

#include "catch.h"

namespace sys_own_executable_test {

using namespace relmk;

TEST_CASE("own executable: the file of this program") {
  const fs::path self = sys::own_executable();
  CHECK(self.is_absolute());
  CHECK(fs::equivalent(self, "/proc/self/exe"));
}

}  // namespace sys_own_executable_test
