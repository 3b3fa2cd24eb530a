#include "term/atoms.h"

#include "catch.h"

namespace term_atoms_test {

using namespace relmk;

TEST_CASE("atoms: a list holds an atom or it does not") {
  const std::vector<Atom> atoms = {Atom("a"), Atom("b")};
  CHECK(term::contains(atoms, Atom("b")));
  CHECK_FALSE(term::contains(atoms, Atom("c")));
  CHECK_FALSE(term::contains({}, Atom("a")));
}

TEST_CASE("atoms: a list of nothing but atoms, proper, is one") {
  CHECK(term::is_atom_list(term::atom_list({Atom("a"), Atom("b")})));
  CHECK(term::is_atom_list(Term::list({})));
  CHECK_FALSE(term::is_atom_list(Term::list({Term::atom("a"), 1})));
  CHECK_FALSE(term::is_atom_list(Term::atom("a")));
  CHECK_FALSE(term::is_atom_list(Term::improper_list({Term::atom("a")}, Term::atom("b"))));
}

TEST_CASE("atoms: as a term they keep their order") {
  CHECK(term::atom_list({Atom("b"), Atom("a")}) == Term::list({Term::atom("b"), Term::atom("a")}));
  CHECK(term::atom_list({}) == Term::list({}));
}

}  // namespace term_atoms_test
