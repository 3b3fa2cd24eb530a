#include "node/upgrade/permanent_files.h"

#include "catch.h"
#include "release_root.h"

namespace node_permanent_files_test {

using namespace relmk;
using node::has_its_start_script;
using node::PermanentFiles;

namespace {

// Version 1 is permanent; version 2 came by an unpacking.
struct Fixture : node::ReleaseRoot {
  Fixture() {
    put("bin/r", "script 1");
    put("bin/r-1", "script 1");
    put("bin/tool", "tool 1");
    put("bin/r-2", "script 2");
    put("releases/2/bin/tool", "tool 2");
    put("releases/2/bin/new", "new 2");
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "permanent files: they are placed and what they replace is kept") {
  PermanentFiles(root, "r", "1", "2").place();
  CHECK(get("bin/r") == "script 2");
  CHECK(get("bin/tool") == "tool 2");
  CHECK(get("bin/new") == "new 2");
  CHECK(get("releases/1/bin/tool") == "tool 1");
  PermanentFiles(root, "r", "2", "1").place();
  CHECK(get("bin/r") == "script 1");
  CHECK(get("bin/tool") == "tool 1");
}

TEST_CASE_METHOD(Fixture, "permanent files: what is not placed leaves nothing") {
  { const PermanentFiles files(root, "r", "1", "2"); }
  CHECK(get("bin/r") == "script 1");
  CHECK_FALSE(has("releases/1"));
  for (const auto& entry : fs::directory_iterator(root / "bin"))
    CHECK_FALSE(entry.path().filename().string().starts_with("."));
}

TEST_CASE_METHOD(Fixture, "permanent files: a script without a version's name is kept") {
  fs::remove(root / "bin/r-1");
  PermanentFiles(root, "r", "1", "2").place();
  CHECK(get("bin/r") == "script 2");
  PermanentFiles(root, "r", "2", "1").place();
  CHECK(get("bin/r") == "script 1");
}

TEST_CASE_METHOD(Fixture, "permanent files: what cannot be copied changes nothing") {
  put("releases/1/bin", "in the way");
  CHECK_THROWS_AS(PermanentFiles(root, "r", "1", "2"), Error);
  CHECK(get("bin/r") == "script 1");
  CHECK(get("bin/tool") == "tool 1");
}

TEST_CASE_METHOD(Fixture, "permanent files: the version of a start script") {
  CHECK(node::version_of_start_script(root, "r", {"0", "2", "1"}) == "1");
  CHECK_FALSE(node::version_of_start_script(root, "r", {"0", "2"}));
}

TEST_CASE_METHOD(Fixture, "permanent files: whose script starts") {
  CHECK(has_its_start_script(root, "r", "1"));
  CHECK_FALSE(has_its_start_script(root, "r", "2"));
  CHECK(has_its_start_script(root, "r", "9"));
}

}  // namespace node_permanent_files_test
