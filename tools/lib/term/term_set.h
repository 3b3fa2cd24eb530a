// Sets of terms that are =:=, for what would else be looked for in long lists.
#pragma once

#include <set>

#include "term/term.h"

namespace relmk::term {

struct ExactOrder {
  bool operator()(const Term& a, const Term& b) const { return Term::compare_exact(a, b) < 0; }
};
using TermSet = std::set<Term, ExactOrder>;

}  // namespace relmk::term
