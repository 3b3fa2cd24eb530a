#include "node/upgrade/library_places.h"

#include "catch.h"
#include "release_root.h"

namespace node_library_places_test {

using namespace relmk;
using namespace relmk::node;

TEST_CASE_METHOD(TwoVersions, "library places: where release_handler finds the applications") {
  fs::remove_all(root / "lib/kernel-1");
  sys::make_directories(scratch.path / "system/kernel-1/ebin");
  state.system_libraries = scratch.path / "system";
  const auto image = ReleaseImage::unpacked(root, "r", "2", state.system_libraries);
  REQUIRE(image);
  CHECK(application_directories(*image, state) ==
        Term::list({Term::tuple({Term::atom("kernel"), Term::string("1"),
                                 Term::string(state.system_libraries.string())}),
                    Term::tuple({Term::atom("stdlib"), Term::string("1"), Term::string("./lib")}),
                    Term::tuple({Term::atom("a"), Term::string("2"), Term::string("./lib")})}));
  // A node whose code:root_dir() is another one gets whole paths.
  state.root = scratch.path;
  CHECK(application_directories(*image, state)[2][2] == Term::string((root / "lib").string()));
}

TEST_CASE_METHOD(TwoVersions, "library places: a version that was registered for other places") {
  CHECK_FALSE(lacks_libraries(root, known("2", "old")));
  CHECK(lacks_libraries(root, known("3", "old")));
  KnownRelease unread = known("2", "unpacked");
  unread.has_libraries = false;
  CHECK(lacks_libraries(root, unread));
  unread.release.status = "permanent";
  CHECK_FALSE(lacks_libraries(root, unread));
}

TEST_CASE_METHOD(TwoVersions, "library places: what the node has on its code path is in use") {
  state.code_paths = {".", "lib/a-1/ebin", (root / "lib/kernel-1/ebin").string()};
  const std::set<fs::path> used = directories_in_use(root, state);
  CHECK(used.contains(root / "lib/a-1"));
  CHECK(used.contains(root / "lib/kernel-1"));
  CHECK(used.contains(root / "erts-9"));
  CHECK_FALSE(used.contains(root / "lib/a-2"));
}

}  // namespace node_library_places_test
