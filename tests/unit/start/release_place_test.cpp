#include "start/release_place.h"

#include "catch.h"
#include "scratch.h"

namespace start_release_place_test {

using namespace relmk;
using namespace relmk::start;

TEST_CASE("release place: node types are the boot files that not every release has") {
  const Scratch scratch;
  const ReleasePlace release{scratch.path, "demo", "1.0"};
  CHECK(node_types(release).empty());
  sys::make_directories(release.version_directory());
  for (const char* name :
       {"start", "start_clean", "no_dot_erlang", "demo", "kazoo_apps", "ecallmgr"})
    sys::write_file(release.version_directory() / (std::string(name) + ".boot"), "");
  CHECK(node_types(release) == std::vector<std::string>{"ecallmgr", "kazoo_apps"});
}

TEST_CASE("release place: the environment names it, whole or not at all") {
  sys::Environment environment{{"RELEASE_ROOT_DIR", "/r"}, {"RELEASE_NAME", "demo"}};
  CHECK_FALSE(release_of_environment(environment));
  environment["RELEASE_VSN"] = "1.0";
  CHECK(release_of_environment(environment)->version_directory() == "/r/releases/1.0");
}

}  // namespace start_release_place_test
