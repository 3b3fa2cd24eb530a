#include "term/term_set.h"

#include "catch.h"

namespace term_term_set_test {

using namespace relmk;

TEST_CASE("term set: what is =:= is there once, an integer and its float are not") {
  const term::TermSet set = {Term(1),
                             Term(1.0),
                             Term(1),
                             Term::atom("a"),
                             Term::atom("a"),
                             Term::list({Term(1)}),
                             Term::list({Term(1.0)})};
  CHECK(set.size() == 5);
  CHECK(set.contains(Term::list({Term(1.0)})));
  CHECK_FALSE(set.contains(Term(2)));
}

}  // namespace term_term_set_test
