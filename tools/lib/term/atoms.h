// Lists of atoms, as values and as terms.
#pragma once

#include <functional>
#include <unordered_set>
#include <vector>

#include "term/term.h"

namespace relmk::term {

// There is one text of each atom.
struct AtomHash {
  size_t operator()(const Atom& atom) const { return std::hash<const void*>()(&atom.text()); }
};
using AtomSet = std::unordered_set<Atom, AtomHash>;

bool contains(const std::vector<Atom>& atoms, const Atom& atom);

// A proper list with nothing but atoms in it, or an empty one.
bool is_atom_list(const Term& term);

// The atoms as a list.
Term atom_list(const std::vector<Atom>& atoms);

}  // namespace relmk::term
