#include "node/upgrade/node_state.h"

#include "catch.h"
#include "upgrade_node.h"

namespace node_node_state_test {

using namespace relmk;
using namespace relmk::node;

namespace {

NodeState state_of(const std::string& told, const RelupScript* script = nullptr,
                   Terms* bindings = nullptr) {
  UpgradeNode node;
  node.told = told;
  const auto session = node.join();
  NodeState state = ask_node_state(session->rpc(), script, std::chrono::milliseconds(7),
                                   Deadline::after(kPatience));
  if (bindings != nullptr) *bindings = node.bindings;
  return state;
}

std::string handler(const std::string& releases) {
  return "[{handler,{\"/opt/r/releases\",[" + releases +
         "],{no_check,\"/opt/r/bin/start\"},false}}]";
}

}  // namespace

TEST_CASE("node state: the releases that release_handler knows") {
  const NodeState state =
      state_of(handler("{release,\"r\",\"2\",\"9\",[{a,\"2\",\"./lib/a-2\"}],current},"
                       "{release,\"r\",\"1\",\"9\",[{a,\"1\",\"./lib/a-1\"}],permanent}"));
  CHECK(state.has_release_handler);
  CHECK(state.releases_directory == "/opt/r/releases");
  CHECK(state.start_program == "/opt/r/bin/start");
  CHECK_FALSE(state.is_client);
  REQUIRE(state.running() != nullptr);
  CHECK(state.running()->release.version == "2");
  CHECK(state.permanent()->release.version == "1");
  REQUIRE(state.find("1")->release.libraries.size() == 1);
  CHECK(state.find("1")->release.libraries[0].directory == "./lib/a-1");
  CHECK(state.find("1")->has_libraries);
  CHECK(state.find("3") == nullptr);
}

TEST_CASE("node state: without RELEASES it knows no libraries") {
  const NodeState state = state_of(handler("{release,\"r\",\"1\",undefined,[],permanent}"));
  REQUIRE(state.running() != nullptr);
  CHECK_FALSE(state.running()->has_libraries);
  CHECK(state.running()->release.erts_version.empty());
}

TEST_CASE("node state: a node without release_handler") {
  const NodeState state = state_of("[{handler,none}]");
  CHECK_FALSE(state.has_release_handler);
  CHECK(state.running() == nullptr);
}

TEST_CASE("node state: who does not answer is named") {
  const NodeState state = state_of(
      "[{problems,[{supervisor,a,p,suspended},{supervisor,b,p,silent},{worker,c,p,m}]},"
      "{old_code,[{m,soft_purge,[]},{n,brutal_purge,[p]}]},{outside,[{p,m}]},{heart,true}]");
  REQUIRE(state.problems.size() == 3);
  CHECK(state.problems[0] == "supervisor a (p) is suspended, so its children cannot be found");
  CHECK(state.problems[1] == "supervisor b (p) does not answer, so its children cannot be found");
  CHECK(state.problems[2] ==
        "process p, child c, which runs m, does not answer: it cannot be suspended");
  REQUIRE(state.old_code.size() == 2);
  CHECK_FALSE(state.old_code[0].may_be_killed);
  CHECK(state.old_code[1].may_be_killed);
  CHECK(state.old_code[1].processes == std::vector<std::string>{"p"});
  CHECK(state.outside == std::vector<std::string>{"process p runs m, and no supervisor knows it"});
  CHECK(state.has_heart);
}

TEST_CASE("node state: environment and command line") {
  const NodeState state = state_of(
      "[{environment,[{a,[{key,1},{other,2}]}]},{arguments,[{a,[\"key\",\"1\"]},{root,[\"/"
      "opt\"]}]},"
      "{libraries,[{a,\"/lib/a-1\"}]},{paths,[\".\",\"/lib/a-1/ebin\"]},{erts,\"9\"},"
      "{root,\"/opt/r\"},{system_libraries,\"/usr/lib\"}]");
  CHECK(state.environment.at("a").at("key") == Term(1));
  CHECK(state.command_line.at("a") == std::vector<std::string>{"key"});
  CHECK(state.libraries.at("a") == "/lib/a-1");
  CHECK(state.code_paths.size() == 2);
  CHECK(state.root == "/opt/r");
}

TEST_CASE("node state: the probe is told what the relup does") {
  RelupScript script;
  script.instructions =
      term::consult_text("x", "[{suspend,[m]},{load,{m,soft_purge,brutal_purge}}].")
          .front()
          .elements();
  Terms bindings;
  state_of("[]", &script, &bindings);
  CHECK(Term::list(bindings) ==
        term::consult_text("x", "[{'Changed',[{m,soft_purge}]},{'Limit',7},{'Suspended',[m]}].")
            .front());
}

}  // namespace node_node_state_test
