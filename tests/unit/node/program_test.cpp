#include "node/upgrade/program.h"

#include "catch.h"
#include "upgrade_node.h"

namespace node_program_test {

using namespace relmk;
using namespace relmk::node;

TEST_CASE("program: variables are bound in the order that erl_eval wants") {
  UpgradeNode node;
  node.told = "{done,5}";
  const auto session = node.join();
  const Term result =
      run_program(session->rpc(), "{X, A}.", {{"X", Term(5)}, {"A", Term::atom("done")}},
                  Deadline::after(kPatience));
  CHECK(result == Term::tuple({Term::atom("done"), Term(5)}));
  CHECK(node.text == "{X, A}.");
  CHECK(node.bindings == Terms{Term::tuple({Term::atom("A"), Term::atom("done")}),
                               Term::tuple({Term::atom("X"), Term(5)})});
}

TEST_CASE("program: each ends with a full stop") {
  CHECK(kProbeProgram.ends_with("."));
  CHECK(kInstallProgram.ends_with("."));
}

}  // namespace node_program_test
