#include "sys/environment.h"

#include <cstdlib>

#include "catch.h"
#include "scratch.h"

namespace sys_environment_test {

using namespace relmk;

TEST_CASE("environment: what is set is there, with all that follows the first =") {
  ::setenv("RELMK_TEST_OF_ENVIRONMENT", "a=b", 1);
  const sys::Environment environment = sys::process_environment();
  ::unsetenv("RELMK_TEST_OF_ENVIRONMENT");
  CHECK(sys::variable(environment, "RELMK_TEST_OF_ENVIRONMENT") == "a=b");
  CHECK(sys::variable(environment, "RELMK_NO_SUCH_VARIABLE").empty());
}

TEST_CASE("environment: directories that a variable lists") {
  const sys::Environment environment = {{"LIBS", ":/a::b c:"}};
  CHECK(sys::listed_directories(environment, "LIBS") == std::vector<std::string>{"/a", "b c"});
  CHECK(sys::listed_directories(environment, "OTHER").empty());
}

TEST_CASE("environment: the first executable file in PATH") {
  const Scratch scratch;
  for (const char* directory : {"1/x", "2", "3"})
    sys::make_directories(scratch.path / directory);
  sys::write_file(scratch.path / "2/x", "", 0644);
  sys::write_file(scratch.path / "3/x", "", 0755);
  const std::string top = scratch.path.string();
  const sys::Environment environment = {{"PATH", top + "/1:" + top + "/2:" + top + "/3"}};
  CHECK(sys::find_in_path("x", environment) == scratch.path / "3/x");
  CHECK_FALSE(sys::find_in_path("y", environment));
  CHECK_FALSE(sys::find_in_path("sh", environment));
  CHECK(sys::find_in_path("sh", {}));
}

}  // namespace sys_environment_test
