#include "term/atoms.h"

#include <algorithm>

namespace relmk::term {

bool contains(const std::vector<Atom>& atoms, const Atom& atom) {
  return std::find(atoms.begin(), atoms.end(), atom) != atoms.end();
}

bool is_atom_list(const Term& term) {
  return term.is_proper_list() && std::all_of(term.elements().begin(), term.elements().end(),
                                              [](const Term& each) { return each.is_atom(); });
}

Term atom_list(const std::vector<Atom>& atoms) {
  return Term::list(Terms(atoms.begin(), atoms.end()));
}

}  // namespace relmk::term
