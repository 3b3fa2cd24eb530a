#include "enit/update.h"

#include "catch.h"
#include "enit/kept.h"
#include "enit_node.h"
#include "node/distribution/node_error.h"
#include "term/print.h"

namespace enit_update_test {

using namespace relmk;
using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

const char* const kUp = "{\"2\", [{\"1\", [{load_module, a_module}]}], [{\"1\", []}]}.\n";

// A node that runs version 1 of `a`, where version 2 is installed by now.
struct Outdated {
  Outdated() {
    host.lay_plain("a", "1");
    release = EnitNode::named(host.release("a", "{a, [{colour, red}]}.\n"));
    node.run(release);
    host.lay_plain("a", "2");
    sys::write_file(host.otp.lib / "a-2/ebin/a.appup", kUp);
  }
  std::string exchange() { return update(release, options, node.environment); }
  std::string failure() {
    try {
      return "done: " + exchange();
    } catch (const Error& error) {
      return error.message();
    }
  }
  std::string variable(const char* name) { return term::print_plain(node.variables.at(name)); }

  InstalledHost host;
  EnitNode node{host};
  Release release;
  UpdateOptions options;
};

}  // namespace

TEST_CASE_METHOD(Outdated, "enit update: the instructions are carried out, from kept files") {
  options.timeout = std::chrono::milliseconds(1500);
  CHECK(exchange() == "a 1 -> 2 (its appup)\n  load_module a_module\nupdate: done\n");
  CHECK_THAT(variable("Instructions"),
             ContainsSubstring("{load,{a_module,brutal_purge,brutal_purge}}"));
  CHECK(variable("Timeout") == "1500");
  const Term library = node.variables.at("Libraries")[0];
  CHECK(text_of(library[1]) == (host.otp.lib / "a-1/ebin").string());
  CHECK(text_of(library[2]) == node.applied.state + "/lib/a-2/ebin");
  CHECK(fs::exists(node.applied.state + "/lib/a-2/ebin/a_module.beam"));
  CHECK(variable("Configuration") == "[{a,[{colour,red}]}]");
  CHECK(node.variables.at("AppliedBefore") == applied_term(node.applied));
  const auto now = applied_of(node.variables.at("Applied"));
  REQUIRE(now);
  const Generations noted = read_generations(State(release.place, node.environment));
  REQUIRE(noted.current.size() == now->applications.size());
  CHECK(noted.current.back().version == now->applications.back().version);
  CHECK_THAT(variable("Applied"), ContainsSubstring("{a," + term::print_plain(Term::string("2"))));
}

TEST_CASE_METHOD(Outdated, "enit update: a dry run shows versions and modules, and runs nothing") {
  options.dry_run = true;
  CHECK(exchange() == "a 1 -> 2 (its appup)\n  load_module a_module\n");
  CHECK(node.program.empty());
  CHECK_FALSE(fs::exists(node.applied.state + "/lib/a-2"));
}

TEST_CASE_METHOD(Outdated, "enit update: what runs may be what is installed") {
  fs::remove_all(host.otp.lib / "a-2");
  CHECK(exchange() == "update: what runs is what is installed\n");
  CHECK(node.program.empty());
}

TEST_CASE_METHOD(Outdated, "enit update: what failed is told, and what ran is noted") {
  node.told = "{put_back,<<\"process <0.1.0> is stuck\">>,[]}";
  CHECK(failure() == "update: process <0.1.0> is stuck; everything was put back");
  const Generations noted = read_generations(State(release.place, node.environment));
  REQUIRE(noted.current.size() == node.applied.applications.size());
  CHECK(noted.current.back().version == node.applied.applications.back().version);
  CHECK(noted.previous.empty());
}

TEST_CASE_METHOD(Outdated, "enit update: what could not be put back is named") {
  node.told = "{put_back,<<\"no\">>,[<<\"applied m:f/0\">>,<<\"state of x\">>]}";
  CHECK(failure() == "update: no; not all could be put back: applied m:f/0; state of x");
}

TEST_CASE_METHOD(Outdated, "enit update: another one at the same time is told") {
  node.told = "busy";
  CHECK(failure() == "update: the node is being changed by another enit");
}

TEST_CASE_METHOD(Outdated, "enit update: old code that is still in use is told") {
  node.told = "{done,[{a_module,2}]}";
  CHECK_THAT(exchange(), ContainsSubstring("old code of a_module is still in use by 2 processes"));
}

TEST_CASE_METHOD(Outdated, "enit update: another emulator needs a restart") {
  node.probed = "[{erts,\"9.9\"}]";
  CHECK(failure() == "update: the emulator that runs is 9.9, the installed one 13.1.5");
  CHECK(node.program.empty());
}

TEST_CASE_METHOD(Outdated, "enit update: back is to what ran before, where that is known") {
  options.back = true;
  CHECK(failure() == "update: nothing is kept of what relex ran before");
}

TEST_CASE_METHOD(Outdated, "enit update: a node that was started from elsewhere is left alone") {
  node.applied.state = "/var/lib/enit/relex/.enit";
  CHECK(failure() == "the node was started from here, which is not ours");
}

TEST_CASE_METHOD(Outdated,
                 "enit update: a node that does not answer is not waited for without end") {
  node.node.node.receive = [](FakeNode&, const Term&, const Term&) { return true; };
  options.patience = std::chrono::milliseconds(300);
  try {
    exchange();
    FAIL("it answered");
  } catch (const node::NodeError& error) {
    CHECK(error.reason() == node::NodeError::Reason::Timeout);
  }
}

}  // namespace enit_update_test
