#include "enit/reconfigure.h"

#include "catch.h"
#include "enit_node.h"
#include "node/distribution/node_error.h"
#include "term/print.h"

namespace enit_reconfigure_test {

using namespace relmk;
using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

// A node that runs `a` with {colour, red}, where the files say by now that it is green.
struct Changed {
  Changed() {
    host.lay_plain("a", "1");
    host.lay_plain("extra", "2");
    node.run(host.release("a", "{a, [{colour, red}, {size, 1}]}.\n"));
    release = EnitNode::named(host.release("a", "{a, [{colour, green}]}.\n"));
  }
  std::string apply() { return reconfigure(release, options, node.environment); }
  std::string failure() {
    try {
      return "done: " + apply();
    } catch (const Error& error) {
      return error.message();
    }
  }
  std::string variable(const char* name) { return term::print_plain(node.variables.at(name)); }

  InstalledHost host;
  EnitNode node{host};
  Release release;
  ReconfigureOptions options;
};

}  // namespace

TEST_CASE_METHOD(Changed,
                 "enit reconfigure: what the files say is set, what they no longer say is not") {
  options.timeout = std::chrono::milliseconds(1500);
  CHECK(apply() == "reconfigure: config changes applied\n");
  CHECK(variable("Sets") == "[{a,[{colour,green}],[size]}]");
  CHECK(variable("Load") + variable("Start") + variable("Stop") == "[][][]");
  CHECK(variable("Keep") + variable("Timeout") == "false1500");
  CHECK(node.variables.at("AppliedBefore") == applied_term(node.applied));
  const auto now = applied_of(node.variables.at("Applied"));
  REQUIRE(now);
  CHECK(term::print_plain(now->configuration) == "[{a,[{colour,green}]}]");
}

TEST_CASE_METHOD(Changed, "enit reconfigure: a dry run shows it, and runs nothing on the node") {
  options.dry_run = true;
  CHECK_THAT(apply(), ContainsSubstring("a colour = green\n"));
  CHECK(node.program.empty());
}

TEST_CASE_METHOD(Changed, "enit reconfigure: what is the same is said to be unchanged") {
  release = EnitNode::named(host.release("a", "{a, [{size, 1}, {colour, red}]}.\n"));
  CHECK(apply() == "reconfigure: config unchanged\n");
  CHECK(node.program.empty());
}

TEST_CASE_METHOD(Changed,
                 "enit reconfigure: the applications of an extension are loaded and started") {
  release = EnitNode::named(host.release("a",
                                         "{a, [{colour, red}, {size, 1}]}.\n"
                                         "{extension, more, [{applications, [extra]}]}.\n"));
  CHECK(apply() == "reconfigure: config changes applied\n");
  CHECK(variable("Start") == "[extra]");
  CHECK_THAT(variable("Load"), ContainsSubstring("{extra,") && ContainsSubstring("[extra_module]"));
  CHECK_THAT(variable("Applied"), ContainsSubstring("{extra,"));
}

TEST_CASE_METHOD(Changed, "enit reconfigure: a callback that fails is named, all was put back") {
  node.told = "{put_back,[{a,<<\"refused\">>}],[]}";
  CHECK(failure() == "reconfigure: a: refused; everything was put back");
}

TEST_CASE_METHOD(Changed, "enit reconfigure: who could not be told of that is named, too") {
  node.told = "{put_back,[{a,<<\"refused\">>}],[{b,<<\"gone\">>}]}";
  CHECK(failure() ==
        "reconfigure: a: refused; everything was put back, but not all could be told: b: gone");
}

TEST_CASE_METHOD(Changed,
                 "enit reconfigure: with keep a failure is told, and what was changed stays") {
  options.keep = true;
  node.told = "{done,[{a,<<\"refused\">>},{b,<<\"slow\">>}]}";
  CHECK(failure() == "reconfigure: a: refused; b: slow; what was changed is kept");
  CHECK(variable("Keep") == "true");
}

TEST_CASE_METHOD(Changed, "enit reconfigure: another one at the same time is told") {
  node.told = "{busy,[]}";
  CHECK(failure() == "reconfigure: the node is being changed by another enit");
}

TEST_CASE_METHOD(Changed,
                 "enit reconfigure: a node that does not answer is not waited for without end") {
  node.node.node.receive = [](FakeNode&, const Term&, const Term&) { return true; };
  options.patience = std::chrono::milliseconds(300);
  try {
    apply();
    FAIL("it answered");
  } catch (const node::NodeError& error) {
    CHECK(error.reason() == node::NodeError::Reason::Timeout);
  }
}

}  // namespace enit_reconfigure_test
