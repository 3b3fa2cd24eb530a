#include "enit/applied.h"

#include "catch.h"
#include "term/print.h"

namespace enit_applied_test {

using namespace relmk;
using namespace relmk::enit;

TEST_CASE("enit applied: what a node keeps is read as it was noted") {
  Applied applied;
  applied.release = "relex";
  applied.version = "1.0";
  applied.state = "/var/lib/enit/relex/.enit";
  applied.configuration = Term::list({Term::tuple({Term::atom("sasl"), Term()})});
  applied.node = Term::list({Term::tuple({Term::atom("smp"), Term::atom("enabled")})});
  applied.named = {Atom("sasl"), Atom("relex")};
  applied.applications = {{Atom("sasl"), "4.2", "/lib/sasl-4.2"}};
  const auto read = applied_of(applied_term(applied));
  REQUIRE(read);
  CHECK(read->release == applied.release);
  CHECK(read->version == applied.version);
  CHECK(read->state == applied.state);
  CHECK(read->configuration == applied.configuration);
  CHECK(read->node == applied.node);
  CHECK(read->named == applied.named);
  REQUIRE(read->applications.size() == 1);
  CHECK(read->applications[0].name == Atom("sasl"));
  CHECK(read->applications[0].version == "4.2");
  CHECK(read->applications[0].directory == "/lib/sasl-4.2");
}

TEST_CASE("enit applied: a term of somebody else is none") {
  CHECK_FALSE(applied_of(Term()));
  CHECK_FALSE(applied_of(Term::atom("applied")));
  CHECK_FALSE(applied_of(Term::list({Term::tuple({Term::atom("configuration"), Term()})})));
}
TEST_CASE("enit applied: values of other kinds are none") {
  const Applied none;
  const Term good = applied_term(none);
  REQUIRE(applied_of(good));
  for (const char* key : {"named", "applications"}) {
    for (const Term& odd :
         {Term(1), Term::list({Term(1)}), Term::list({Term::tuple({})}),
          Term::list({Term::tuple({Term::string("a"), Term::string("1"), Term::string("/")})}),
          Term::list({Term::tuple({Term::atom("a"), Term(1), Term::string("/")})})}) {
      Terms fields = {Term::tuple({Term::atom(key), odd})};
      fields.insert(fields.end(), good.elements().begin(), good.elements().end());
      CAPTURE(key, term::print_plain(odd));
      CHECK_FALSE(applied_of(Term::list(std::move(fields))));
    }
  }
}

}  // namespace enit_applied_test
