#include "term/term.h"

#include "catch.h"

namespace term_term_test {

using namespace relmk;
using namespace relmk::term;

namespace {
const Term a = Term::atom("a");
}

TEST_CASE("term: kinds compare in Erlang's order") {
  const Terms ascending = {-1,     Term(0.5),        1,
                           a,      Term::tuple({a}), Term::map({{1, 2}}),
                           Term(), Term::list({1}),  Term::binary("x")};
  for (size_t i = 1; i < ascending.size(); ++i) {
    CHECK(Term::compare(ascending[i - 1], ascending[i]) < 0);
    CHECK(Term::compare(ascending[i], ascending[i - 1]) > 0);
  }
}

TEST_CASE("term: 1 equals 1.0 in the order of terms, but is not the same term") {
  CHECK(Term::compare(1, 1.0) == 0);
  CHECK_FALSE(Term(1) == Term(1.0));
  CHECK(Term::map({{1, a}, {1.0, a}}).entries().size() == 2);
}

TEST_CASE("term: an improper list whose tail is a list is one list") {
  CHECK(Term::improper_list({1}, Term::list({2, 3})) == Term::list({1, 2, 3}));
  CHECK(Term::improper_list({1}, Term::improper_list({2}, a)) == Term::improper_list({1, 2}, a));
  CHECK(Term::compare(Term::list({1, 2}), Term::improper_list({1}, Term(2))) > 0);
  CHECK(Term::compare(Term::improper_list({1}, a), Term::list({1})) < 0);
}

TEST_CASE("term: strings are lists of code points") {
  CHECK(Term::string("å€") == Term::list({0xe5, 0x20ac}));
  CHECK(Term::string("å€").to_utf8() == "å€");
  CHECK(Term::string("\xff").elements()[0].as_integer() == 0xff);
  CHECK(Term().is_string());
  CHECK_FALSE(Term::list({a}).is_string());
}

TEST_CASE("term: bitstrings compare bit by bit") {
  CHECK(Term::compare(Term::bitstring("\x80", 1), Term::bitstring("\x80", 2)) < 0);
  CHECK(Term::compare(Term::bitstring("\xc0", 2), Term::bitstring("\x80", 1)) > 0);
  CHECK(Term::compare(Term::binary("ab"), Term::binary("b")) < 0);
}

TEST_CASE("term: the last of equal map keys counts") {
  const Term map = Term::map({{a, 1}, {a, 2}});
  REQUIRE(map.find(a) != nullptr);
  CHECK(*map.find(a) == Term(2));
  CHECK(map.find(1) == nullptr);
}

TEST_CASE("term: a property list answers with its first entry") {
  const Term list = Term::list({Term::tuple({a, 1}), Term::tuple({a, 2}), Term::atom("b")});
  CHECK(proplist_value(list, "a") == Term(1));
  CHECK(proplist_value(list, "b") == Term::atom("true"));
  CHECK_FALSE(proplist_value(list, "c"));
}

}  // namespace term_term_test
