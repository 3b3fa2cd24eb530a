#include "node/commands/elixir_evaluation.h"

#include "answering_node.h"
#include "catch.h"

using namespace relmk;
using namespace relmk::node;

namespace {

// The exit code where Kernel.CLI answers that.
int code_of(const Term& answer, std::string* asked = nullptr) {
  AnsweringNode node;
  const Target target =
      node.target([&](const std::string& name, const Terms& arguments) -> std::optional<Term> {
        if (name == "Elixir.Exception:format") return Term::binary("** (RuntimeError) told");
        if (asked != nullptr) *asked = name + " " + arguments[0].bytes();
        return answer;
      });
  Connection connection(target.address, "secret", Deadline::after(kPatience));
  Rpc rpc(connection, kPatience);
  return evaluate_elixir(rpc, "1 + 1", Deadline::after(kPatience));
}

Term raised(const char* kind, const Term& reason) {
  return Term::tuple({Term::atom(kind), reason, Term()});
}

}  // namespace

TEST_CASE("elixir evaluation: is Kernel.CLI's, and its value is of no interest") {
  std::string asked;
  CHECK(code_of(Term::atom("ok"), &asked) == 0);
  CHECK(asked == "Elixir.Kernel.CLI:rpc_eval 1 + 1");
}

TEST_CASE("elixir evaluation: what is raised is 1") {
  CHECK(code_of(raised("error", Term::atom("badarg"))) == 1);
  CHECK(code_of(raised("exit", Term::atom("odd"))) == 1);
}

TEST_CASE("elixir evaluation: an exit that is none is its own code") {
  CHECK(code_of(raised("exit", Term::atom("normal"))) == 0);
  CHECK(code_of(raised("exit", Term::tuple({Term::atom("shutdown"), Term(7)}))) == 7);
  CHECK(code_of(raised("exit", Term::tuple({Term::atom("shutdown"), Term::atom("x")}))) == 0);
}
