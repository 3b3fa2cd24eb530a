#include "node/upgrade/installation.h"

#include "catch.h"
#include "release_root.h"

namespace node_installation_test {

using namespace relmk;
using namespace relmk::node;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Fixture : TwoVersions {
  UpgradeCheck check() const {
    UpgradeCheck found;
    found.from = "1";
    found.image = ReleaseImage::unpacked(root, "r", "2", state.system_libraries);
    return found;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "installation: a way back is looked for in both relups") {
  const start::ReleasePlace release{root, "r", "1"};
  const auto obstacle = no_way_back(check(), release);
  REQUIRE(obstacle);
  CHECK_THAT(obstacle->message(), ContainsSubstring("--verify needs a way back: "));
  put("releases/2/relup", "{\"2\",[],[{\"1\",[],[point_of_no_return]}]}.\n");
  CHECK_FALSE(no_way_back(check(), release));
  put("releases/2/relup", "{\"2\",[],[]}.\n");
  CHECK(no_way_back(check(), release));
  put("releases/1/relup", "{\"1\",[{\"2\",[],[point_of_no_return]}],[]}.\n");
  CHECK_FALSE(no_way_back(check(), release));
}

TEST_CASE("installation: failures have the exit codes that README names") {
  CHECK(ReleaseError(ReleaseError::NoSuchVersion, "").exit_code() == 2);
  CHECK(ReleaseError(ReleaseError::Refused, "").exit_code() == 3);
  CHECK(ReleaseError(ReleaseError::NotInstalled, "").exit_code() == 4);
  CHECK(ReleaseError(ReleaseError::Restarted, "").exit_code() == 5);
  CHECK(ReleaseError(ReleaseError::TakenBack, "m", "h").exit_code() == 6);
  CHECK(ReleaseError(ReleaseError::TakenBack, "m", "h").hint() == "h");
}

}  // namespace node_installation_test
