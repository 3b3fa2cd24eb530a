#include "plan/plan.h"

#include <utility>

#include "catch.h"
#include "sys/error.h"

namespace plan_plan_test {

using namespace relmk;
using namespace relmk::plan;
using Kind = PlannedFile::Kind;

namespace {
PlannedFile content(const std::string& text) {
  return {Kind::Content, {}, text, {}};
}

std::string paths(const Plan& plan) {
  std::string all;
  for (const auto& [path, file] : plan.files())
    all += path + " ";
  return all;
}
}  // namespace

TEST_CASE("plan: paths are normalized") {
  CHECK(path_in_release("./bin//x/../kazoo") == "bin/kazoo");
  CHECK(path_in_release("/bin/") == "bin");
  CHECK(path_in_release("a/..").empty());
  CHECK(path_in_release("").empty());
}

TEST_CASE("plan: a path that leaves the root is refused") {
  CHECK_THROWS_WITH(path_in_release("../x"), "error: ../x lies outside of the release");
  CHECK_THROWS_AS(path_in_release("a/../../x"), Error);
  CHECK_THROWS_AS(path_in_release("/.."), Error);
  CHECK_THROWS_AS(path_in_release(std::string("a\0b", 3)), Error);
}

TEST_CASE("plan: a path with a name that an exchange has is refused") {
  CHECK_THROWS_WITH(
      path_in_release(".relmk.journal"),
      "error: .relmk.journal: relmk keeps names that begin with `.relmk.` for itself");
  CHECK_THROWS_AS(path_in_release("lib/.relmk.new/x"), Error);
  CHECK(path_in_release("lib/.relmk") == "lib/.relmk");
  CHECK(path_in_release(".relmkx") == ".relmkx");
}

TEST_CASE("plan: parents come by themselves and before what they hold") {
  Plan plan;
  plan.add("lib/a-1/ebin/a.app", content("x"));
  plan.add("lib/a-1.0", {});
  CHECK(paths(plan) == "lib lib/a-1 lib/a-1.0 lib/a-1/ebin lib/a-1/ebin/a.app ");
  CHECK(plan.find("lib/a-1")->kind == Kind::Directory);
  CHECK(plan.find("lib//a-1/./ebin/a.app")->content == "x");
  CHECK(plan.find("lib/b") == nullptr);
}

TEST_CASE("plan: all of another plan comes as if each of its files were added") {
  Plan plan;
  plan.add("lib/a/x", content("1"));
  plan.add("lib/b/x", content("1"));
  plan.add("etc", {Kind::Directory, {}, {}, 0700});
  Plan other;
  other.add("lib/a/x", content("2"));
  other.add("lib/a/y", content("2"));
  other.add("lib/b", content("2"));
  other.add("etc/z", content("2"));
  plan.add_all(std::move(other));
  CHECK(paths(plan) == "etc etc/z lib lib/a lib/a/x lib/a/y lib/b ");
  CHECK(plan.find("lib/a/x")->content == "2");
  CHECK(plan.find("lib/b")->content == "2");
  CHECK(plan.find("etc")->mode == 0700U);
}

TEST_CASE("plan: the last one at a path counts") {
  Plan plan;
  plan.add("etc/x", content("1"));
  plan.add("etc/x", content("2"));
  CHECK(plan.find("etc/x")->content == "2");
}

TEST_CASE("plan: a directory on a directory keeps what it holds") {
  Plan plan;
  plan.add("etc/x", content("1"));
  plan.add("etc", {Kind::Directory, {}, {}, 0700});
  plan.add("etc", {});
  CHECK(plan.find("etc")->mode == 0700);
  CHECK(plan.find("etc/x") != nullptr);
}

TEST_CASE("plan: a file on a directory takes the place of all below") {
  Plan plan;
  plan.add("etc/x/y", content("1"));
  plan.add("etc/x-1", content("1"));
  plan.add("etc/x", {Kind::Link, "/elsewhere", {}, {}});
  CHECK(paths(plan) == "etc etc/x etc/x-1 ");
}

TEST_CASE("plan: nothing is planned through a link or a file") {
  Plan plan;
  plan.add("lib/a", {Kind::Link, "/elsewhere", {}, {}});
  plan.add("x", content("1"));
  CHECK_THROWS_WITH(plan.add("lib/a/b/priv", content("1")),
                    "error: lib/a/b/priv would lie in lib/a, which is a link");
  CHECK_THROWS_WITH(plan.add("x/y", content("1")), "error: x/y would lie in x, which is a file");
  CHECK(paths(plan) == "lib lib/a x ");
}

TEST_CASE("plan: the root stays a directory") {
  Plan plan;
  plan.add(".", {});
  CHECK(plan.files().empty());
  CHECK_THROWS_AS(plan.add("a/..", content("x")), Error);
}

TEST_CASE("plan: removing takes all below") {
  Plan plan;
  plan.add("lib/a/b/c", content("1"));
  plan.add("lib/a0", content("1"));
  plan.remove("lib/a");
  CHECK(paths(plan) == "lib lib/a0 ");
}

}  // namespace plan_plan_test
