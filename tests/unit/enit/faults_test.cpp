#include "enit/faults.h"

#include "catch.h"

namespace enit_faults_test {

using namespace relmk;
using namespace relmk::enit;

TEST_CASE("enit faults: the first one is raised, all are kept") {
  Faults faults;
  CHECK(faults.none());
  CHECK_NOTHROW(faults.raise());
  faults.add(Error("one"));
  faults.add(Error("two"));
  CHECK_FALSE(faults.none());
  CHECK(faults.all().size() == 2);
  CHECK_THROWS_WITH(faults.raise(), "error: one");
}

}  // namespace enit_faults_test
