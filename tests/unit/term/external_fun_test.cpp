#include "term/external_fun.h"

#include "catch.h"
#include "term/external.h"
#include "term/print.h"

namespace term_external_fun_test {

using namespace relmk;
using namespace relmk::term;

TEST_CASE("external fun: is printed with its names quoted where they must be") {
  CHECK(print_plain(ExternalFun::term(Atom("m"), Atom("f"), 2)) == "fun m:f/2");
  CHECK(print_plain(ExternalFun::term(Atom("M"), Atom("a b"), 0)) == "fun 'M':'a b'/0");
}

TEST_CASE("external fun: is equal to one of the same module, name and arity alone") {
  const Term fun = ExternalFun::term(Atom("m"), Atom("f"), 2);
  CHECK(fun == ExternalFun::term(Atom("m"), Atom("f"), 2));
  CHECK_FALSE(fun == ExternalFun::term(Atom("m"), Atom("f"), 1));
  CHECK_FALSE(fun == ExternalFun::term(Atom("m"), Atom("g"), 2));
  CHECK(fun.kind() == TermKind::Fun);
}

TEST_CASE("external fun: comes back from the external term format") {
  const Term fun = ExternalFun::term(Atom("m"), Atom("f"), 255);
  const Term back = decode_external(encode_external(fun));
  CHECK(back == fun);
  CHECK(dynamic_cast<const ExternalFun&>(back.as_opaque()).arity == 255);
}

}  // namespace term_external_fun_test
