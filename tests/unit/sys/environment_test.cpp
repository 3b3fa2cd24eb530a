#include "sys/environment.h"

#include <cstdlib>

#include "catch.h"

using namespace relmk;

TEST_CASE("environment: what is set is there, with all that follows the first =") {
  ::setenv("RELMK_TEST_OF_ENVIRONMENT", "a=b", 1);
  const sys::Environment environment = sys::process_environment();
  ::unsetenv("RELMK_TEST_OF_ENVIRONMENT");
  CHECK(sys::variable(environment, "RELMK_TEST_OF_ENVIRONMENT") == "a=b");
  CHECK(sys::variable(environment, "RELMK_NO_SUCH_VARIABLE").empty());
}
