#include "plan/tree_plan.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace plan_tree_plan_test {

using namespace relmk;
using namespace relmk::plan;
using Kind = PlannedFile::Kind;

namespace {

std::string paths(const Plan& plan) {
  std::string out;
  for (const auto& [path, file] : plan.files())
    out += path + (file.kind == Kind::Directory ? "/ " : " ");
  return out;
}

}  // namespace

TEST_CASE("tree plan: everything below a directory, empty directories too") {
  const Scratch scratch;
  sys::make_directories(scratch.path / "a/empty");
  sys::write_file(scratch.path / "a/f", "");
  sys::write_file(scratch.path / "g", "");
  Plan plan;
  plan_tree(plan, "to/here", scratch.path);
  CHECK(paths(plan) == "to/ to/here/ to/here/a/ to/here/a/empty/ to/here/a/f to/here/g ");
  REQUIRE(plan.find("to/here/g") != nullptr);
  CHECK(plan.find("to/here/g")->kind == Kind::Copy);
  CHECK(plan.find("to/here/g")->source == scratch.path / "g");
}

TEST_CASE("tree plan: links are what they lead to, and one that leads nowhere is passed over") {
  const Scratch scratch;
  sys::make_directories(scratch.path / "other/d");
  sys::write_file(scratch.path / "other/d/f", "");
  sys::make_directories(scratch.path / "top");
  fs::create_directory_symlink(scratch.path / "other/d", scratch.path / "top/d");
  fs::create_symlink(scratch.path / "other/d/f", scratch.path / "top/f");
  fs::create_symlink("nowhere", scratch.path / "top/broken");
  REQUIRE(::mkfifo((scratch.path / "top/pipe").c_str(), 0600) == 0);
  Plan plan;
  plan_tree(plan, "x", scratch.path / "top");
  CHECK(paths(plan) == "x/ x/d/ x/d/f x/f ");
  CHECK(plan.find("x/f")->kind == Kind::Copy);
}

TEST_CASE("tree plan: a circle of links is refused where it closes") {
  const Scratch scratch;
  sys::make_directories(scratch.path / "a");
  fs::create_directory_symlink("..", scratch.path / "a/up");
  Plan plan;
  CHECK_THROWS_WITH(plan_tree(plan, "x", scratch.path),
                    (scratch.path / "a/up").string() +
                        ": error: Unable to copy from here: links lead in a circle");
}

TEST_CASE("tree plan: each file may be changed or left out") {
  const Scratch scratch;
  sys::write_file(scratch.path / "a.beam", "");
  sys::write_file(scratch.path / "b.erl", "");
  Plan plan;
  plan_tree(plan, "x", scratch.path, [](const std::string& path, PlannedFile& file) {
    file.kind = Kind::Strip;
    return path != "x/b.erl";
  });
  CHECK(paths(plan) == "x/ x/a.beam ");
  CHECK(plan.find("x/a.beam")->kind == Kind::Strip);
}

TEST_CASE("tree plan: a directory that is not there is an error") {
  const Scratch scratch;
  Plan plan;
  CHECK_THROWS_WITH(plan_tree(plan, "x", scratch.path / "none"),
                    (scratch.path / "none").string() +
                        ": error: cannot read directory: No such file or directory");
}

}  // namespace plan_tree_plan_test
