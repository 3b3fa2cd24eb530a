#include "term/depth.h"

#include "catch.h"

namespace term_depth_test {

using namespace relmk;
using namespace relmk::term;

namespace {
const Term a = Term::atom("a");
}

TEST_CASE("depth: nesting is counted, has a limit, and takes no stack when it goes") {
  CHECK(depth_of(a) == 0);
  CHECK(depth_of(Term::tuple({a, Term::list({Term::map({{a, Term::tuple({})}})})})) == 4);
  CHECK(depth_of(Term::improper_list({a}, Term::tuple({Term::tuple({})}))) == 3);
  Term deep = a;
  for (int i = 0; i < kDeepestMadeTerm; ++i)
    deep = i % 3 == 0   ? Term::tuple({deep})
           : i % 3 == 1 ? Term::list({a, deep})
                        : Term::map({{a, deep}});
  CHECK(depth_of(deep) == kDeepestMadeTerm);
  CHECK_THROWS_WITH(Term::tuple({deep}), "error: a term is nested more than 50000 deep");
}

}  // namespace term_depth_test
