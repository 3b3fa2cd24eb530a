#include "relx/config/configured_releases.h"

#include "catch.h"

namespace relx_configured_releases_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

ConfiguredRelease release(const char* name, const char* version, const char* goal) {
  ConfiguredRelease out;
  out.name = Atom(name);
  out.version = version;
  out.goals.resize(1);
  out.goals[0].name = Atom(goal);
  return out;
}

std::string goal_of(const ConfiguredRelease& release) {
  return release.goals[0].name.text();
}

}  // namespace

TEST_CASE("configured releases: one of the same name and version takes the other's place") {
  ConfiguredReleases all;
  CHECK(all.empty());
  all.add(release("a", "1", "x"));
  all.add(release("b", "1", "y"));
  all.add(release("a", "1", "z"));
  all.add(release("a", "2", "w"));
  REQUIRE(all.size() == 3);
  CHECK(goal_of(all.front()) == "z");
  CHECK(goal_of(*all.find(Atom("a"), "2")) == "w");
  CHECK(goal_of(*all.find(Atom("b"), "1")) == "y");
  CHECK(all.find(Atom("b"), "2") == nullptr);
}

}  // namespace relx_configured_releases_test
