#include "node/commands/elixir_evaluation.h"

#include "catch.h"
#include "node/distribution/node_error.h"

namespace node_elixir_evaluation_test {

using namespace relmk;
using namespace relmk::node;

namespace {

constexpr const char* kNode = "shop@host";

int code_where_raised(const char* kind, const Term& reason) {
  const Term told = Term::binary("** (RuntimeError) told");
  return elixir_exit_code(Term::tuple({Term::atom("elixir"), Term::atom(kind), reason, told}),
                          kNode);
}

}  // namespace

TEST_CASE("elixir evaluation: what ends well is 0") {
  CHECK(elixir_exit_code(Term::tuple({Term::atom("code"), Term(0), Term::binary("")}), kNode) == 0);
}

TEST_CASE("elixir evaluation: what is raised is 1") {
  CHECK(code_where_raised("error", Term::atom("badarg")) == 1);
  CHECK(code_where_raised("throw", Term::atom("normal")) == 1);
  CHECK(code_where_raised("exit", Term::atom("odd")) == 1);
}

TEST_CASE("elixir evaluation: an exit that is none is its own code") {
  CHECK(code_where_raised("exit", Term::atom("normal")) == 0);
  CHECK(code_where_raised("exit", Term::atom("shutdown")) == 0);
  CHECK(code_where_raised("exit", Term::tuple({Term::atom("shutdown"), Term(7)})) == 7);
  CHECK(code_where_raised("exit", Term::tuple({Term::atom("shutdown"), Term::atom("x")})) == 0);
}

TEST_CASE("elixir evaluation: a node without Elixir, and one that answers something else") {
  const Term undefined =
      Term::tuple({Term::atom("raised"), Term::atom("error"), Term::atom("undef"), Term::list({})});
  CHECK_THROWS_AS(elixir_exit_code(undefined, kNode), RemoteError);
  CHECK_THROWS_AS(elixir_exit_code(Term::atom("what"), kNode), NodeError);
  CHECK_THROWS_AS(elixir_exit_code(Term::tuple({Term::atom("elixir")}), kNode), NodeError);
}

}  // namespace node_elixir_evaluation_test
