#include "node/session/odd_answer.h"

#include "catch.h"
#include "term/term.h"

namespace node_odd_answer_test {

using namespace relmk;
using namespace relmk::node;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("odd answer: of another kind or a shorter one is an error in our words") {
  CHECK(read_answers([] { return 3; }) == 3);
  const char* expected = "the node answered with a term that does not fit the question";
  CHECK_THROWS_WITH(read_answers([] { return Term::atom("a").as_integer(); }),
                    ContainsSubstring(expected));
  CHECK_THROWS_WITH(read_answers([] { return Term::tuple({})[0].is_list(); }),
                    ContainsSubstring(expected));
  CHECK_THROWS_WITH(read_answers([]() -> int { throw Error("as it is"); }), "error: as it is");
}

}  // namespace node_odd_answer_test
