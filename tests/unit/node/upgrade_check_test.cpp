#include "node/upgrade/upgrade_check.h"

#include "catch.h"
#include "release_root.h"
#include "term/consult.h"
#include "term/external.h"
#include "upgrade_node.h"

namespace node_upgrade_check_test {

using namespace relmk;
using namespace relmk::node;

namespace {

Term read(const std::string& text) {
  return term::consult_text("text", text + ".").front();
}

struct Fixture : ReleaseRoot {
  start::ReleasePlace release{root, "r", "1"};
  std::string more;  // that the node tells, with a comma before it

  Fixture() {
    version("1");
    version("2");
    put("bin/r", "script");
    put("erts-9/bin/erl", "");
    put("releases/2/start.boot",
        term::encode_external(
            read("{script,{\"r\",\"2\"},[{apply,{application,load,[{application,a,[{env,"
                 "[{same,1},{other,2},{added,3},{given,4}]}]}]}}]}")));
    put("releases/2/relup",
        "{\"2\",[{\"1\",[],[{load_object_code,{a,\"2\",[m]}},"
        "point_of_no_return,{load,{m,soft_purge,soft_purge}}]}],[]}.\n");
  }
  std::vector<Error> obstacles() {
    const std::string releases = (root / "releases").string();
    UpgradeNode node;
    node.told =
        "[{handler,{\"" + releases +
        "\",[{release,\"r\",\"1\",\"9\",[{a,\"1\",\"./lib/a-1\"}],permanent}],{no_check,\"" +
        (root / "bin/start").string() + "\"},false}},{erts,\"9\"},{root,\"" + root.string() +
        "\"},{system_libraries,\"/nowhere/lib\"}" + more + "]";
    const auto session = node.join();
    return check_upgrade(session->rpc(), release, {}, "2", kPatience, Deadline::after(kPatience))
        .obstacles;
  }
  void relup(const std::string& instructions) {
    put("releases/2/relup", "{\"2\",[{\"1\",[],[" + instructions + "]}],[]}.\n");
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "upgrade check: nothing in the way") {
  CHECK(obstacles().empty());
}

TEST_CASE_METHOD(Fixture, "upgrade check: each obstacle says what to do") {
  more = ",{problems,[{supervisor,s,p,silent}]},{old_code,[{m,soft_purge,[p]}]}";
  fs::remove_all(root / "lib/kernel-1");
  sys::make_directories(root / "lib/kernel-1");
  const auto found = obstacles();
  REQUIRE(found.size() == 1);  // without its applications it is not unpacked, and has no tarball
  CHECK_THAT(found[0].message(), Catch::Matchers::ContainsSubstring("there is no tarball"));
  sys::make_directories(root / "lib/kernel-1/ebin");
  relup(
      "{load_object_code,{a,\"2\",[m]}},point_of_no_return,{suspend,[m]},"
      "{load,{m,soft_purge,soft_purge}},{resume,[m]}");
  const auto others = obstacles();
  REQUIRE(others.size() == 2);
  CHECK_THAT(others[0].message(), Catch::Matchers::ContainsSubstring("does not answer"));
  CHECK_THAT(others[1].message(), Catch::Matchers::ContainsSubstring("may not kill"));
  for (const Error& error : others)
    CHECK_FALSE(error.hint().empty());
}

TEST_CASE_METHOD(Fixture, "upgrade check: a restart needs heart and something that it can start") {
  const auto message = [this] {
    const auto found = obstacles();
    return found.size() == 1 ? found[0].message() : std::to_string(found.size());
  };
  relup("point_of_no_return,restart_emulator");
  CHECK_THAT(message(), Catch::Matchers::ContainsSubstring("runs without heart"));
  more = ",{heart,true}";
  CHECK(obstacles().empty());
  fs::remove(root / "bin/r");
  CHECK_THAT(message(), Catch::Matchers::ContainsSubstring("bin/start is not there, which heart"));
  put("bin/start", "OTP's own");
  CHECK(obstacles().empty());
}

TEST_CASE("upgrade check: heart runs its program without quotes") {
  Fixture fixture;
  fixture.root = fixture.scratch.path / "with space";
  fs::rename(fixture.scratch.path / "root", fixture.root);
  fixture.release.root = fixture.root;
  CHECK(fixture.obstacles().empty());
  fixture.more = ",{heart,true}";
  fixture.relup("point_of_no_return,restart_emulator");
  const auto found = fixture.obstacles();
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].message(), Catch::Matchers::ContainsSubstring("holds a space"));
}

TEST_CASE_METHOD(Fixture, "upgrade check: another ERTS needs a restart") {
  put("releases/2/r.rel",
      "{release,{\"r\",\"2\"},{erts,\"10\"},[{kernel,\"1\"},{stdlib,\"1\"},"
      "{a,\"2\"}]}.\n");
  const auto found = obstacles();
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].message(), Catch::Matchers::ContainsSubstring("needs ERTS 10"));
}

TEST_CASE_METHOD(Fixture, "upgrade check: what the environment gets") {
  NodeState state;
  state.environment["a"] = {
      {"same", Term(1)}, {"other", Term(1)}, {"dropped", Term(1)}, {"given", Term(1)}};
  state.environment["stays"] = {{"key", Term(1)}};
  state.command_line["a"] = {"given"};
  RenderedConfiguration configuration;
  configuration.applications = read("[{a,[{set,5}]}]").elements();
  const auto image = ReleaseImage::unpacked(root, "r", "2", "/nowhere");
  REQUIRE(image);
  CHECK(environment_changes(state, *image, configuration) ==
        std::vector<std::string>{"environment: adds a added", "environment: changes a other",
                                 "environment: adds a set", "environment: drops a dropped"});
}

}  // namespace node_upgrade_check_test
