#include "node/commands/stop_node.h"

#include "answering_node.h"
#include "catch.h"
#include "sys/error.h"

namespace node_stop_node_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// A node on another machine, whose process cannot be seen from here; `init` answers for init's
// functions, and for what else is asked.
AnsweringNode::Answer elsewhere(AnsweringNode::Answer init) {
  return [init = std::move(init)](const std::string& name,
                                  const Terms& arguments) -> std::optional<Term> {
    if (name == "file:read_file")
      return Term::tuple({Term::atom("ok"), Term::binary("another machine's\n")});
    if (name == "file:read_link") return Term::tuple({Term::atom("ok"), Term::string("pid:[1]")});
    return init(name, arguments);
  };
}

}  // namespace

TEST_CASE("stop node: is told to stop, and gone when it closes the connection") {
  AnsweringNode node;
  std::string asked;
  const Target target =
      node.target(elsewhere([&](const std::string& name, const Terms&) -> std::optional<Term> {
        asked += name + " ";
        return std::nullopt;
      }));
  stop_node(target, kPatience, kPatience);
  CHECK(asked == "init:stop ");
}

TEST_CASE("stop node: one that still runs is told") {
  AnsweringNode node;
  const Target target =
      node.target(elsewhere([](const std::string& name, const Terms&) -> std::optional<Term> {
        if (name == "ets:match")
          return Term::list({Term::list({Term::atom("slow"), process_of_node()})});
        if (name == "erlang:is_process_alive") return Term::atom("true");
        return Term::atom("ok");
      }));
  CHECK_THROWS_WITH(stop_node(target, kPatience, std::chrono::milliseconds(0)),
                    Catch::Matchers::StartsWith(
                        "error: fake@127.0.0.1 still runs 0 seconds after it was told to stop"));
}

TEST_CASE("stop node: one that does not restart in time is told") {
  AnsweringNode node;
  const Target target =
      node.target(elsewhere([](const std::string&, const Terms&) { return Term::atom("ok"); }));
  CHECK_THROWS_WITH(restart_node(target, kPatience, std::chrono::milliseconds(0)),
                    "error: fake@127.0.0.1 has not stopped 0 seconds after it was told to restart");
}

TEST_CASE("stop node: a reboot is init's, whether or not heart starts it again") {
  AnsweringNode node;
  std::string asked;
  const Target target =
      node.target([&](const std::string& name, const Terms&) -> std::optional<Term> {
        asked += name + " ";
        return name == "erlang:whereis" ? Term::atom("undefined") : Term::atom("ok");
      });
  reboot_node(target, kPatience);
  CHECK(asked == "erlang:whereis init:reboot ");
}

}  // namespace node_stop_node_test
