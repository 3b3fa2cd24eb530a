#include "enit/json.h"

#include "catch.h"

namespace enit_json_test {

using namespace relmk;
using namespace relmk::enit;

TEST_CASE("enit JSON: a term as JSON has it, and as Erlang's text where it has no form") {
  CHECK(json_value(Term(-7)) == "-7");
  CHECK(json_value(Term::atom("true")) == "true");
  CHECK(json_value(Term::atom("up")) == "\"up\"");
  CHECK(json_value(Term::string("text")) == "\"text\"");
  CHECK(json_value(Term::binary("bin")) == "\"bin\"");
  CHECK(json_value(Term::list({Term(1), Term(2)})) == "[1,2]");
  CHECK(json_value(Term()) == "[]");
  CHECK(json_value(Term::list({Term::atom("a"), Term(1)})) == R"(["a",1])");
  CHECK(json_value(Term::tuple({Term(127), Term(0)})) == "\"{127,0}\"");
}

}  // namespace enit_json_test
