#include "node/upgrade/installation.h"

#include "catch.h"
#include "release_root.h"

namespace node_installation_test {

using namespace relmk;
using namespace relmk::node;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Fixture : ReleaseRoot {
  NodeState state;
  Fixture() {
    version("1");
    version("2");
    state.root = root;
    state.system_libraries = "/usr/lib/erlang/lib";
    state.erts_version = "9";
  }
  UpgradeCheck check() const {
    UpgradeCheck found;
    found.from = "1";
    found.image = ReleaseImage::unpacked(root, "r", "2", state.system_libraries);
    return found;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "Installation: WhereReleaseHandlerFindsTheApplications") {
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

TEST_CASE_METHOD(Fixture, "Installation: AVersionThatWasRegisteredForOtherPlaces") {
  CHECK_FALSE(lacks_libraries(root, known("2", "old")));
  CHECK(lacks_libraries(root, known("3", "old")));
  KnownRelease unread = known("2", "unpacked");
  unread.has_libraries = false;
  CHECK(lacks_libraries(root, unread));
  unread.release.status = "permanent";
  CHECK_FALSE(lacks_libraries(root, unread));
}

TEST_CASE_METHOD(Fixture, "Installation: WhatTheNodeHasOnItsCodePathIsInUse") {
  state.code_paths = {".", "lib/a-1/ebin", (root / "lib/kernel-1/ebin").string()};
  const std::set<fs::path> used = directories_in_use(root, state);
  CHECK(used.contains(root / "lib/a-1"));
  CHECK(used.contains(root / "lib/kernel-1"));
  CHECK(used.contains(root / "erts-9"));
  CHECK_FALSE(used.contains(root / "lib/a-2"));
}

TEST_CASE_METHOD(Fixture, "Installation: AWayBackIsLookedForInBothRelups") {
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

TEST_CASE("Installation: FailuresHaveTheExitCodesThatTheReadmeNames") {
  CHECK(ReleaseError(ReleaseError::NoSuchVersion, "").exit_code() == 2);
  CHECK(ReleaseError(ReleaseError::Refused, "").exit_code() == 3);
  CHECK(ReleaseError(ReleaseError::NotInstalled, "").exit_code() == 4);
  CHECK(ReleaseError(ReleaseError::Restarted, "").exit_code() == 5);
  CHECK(ReleaseError(ReleaseError::TakenBack, "m", "h").exit_code() == 6);
  CHECK(ReleaseError(ReleaseError::TakenBack, "m", "h").hint() == "h");
}

}  // namespace node_installation_test
