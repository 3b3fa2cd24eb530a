// The variables that an expression sees. A value, cheap to copy: adding a variable leaves copies
// made before as they were.
#pragma once

#include <vector>

#include "eval/syntax/scope.h"
#include "term/term.h"

namespace relmk::eval {

class Bindings {
 public:
  // nullptr when the variable is unbound.
  const Term* find(Atom name) const { return variables_.find(name); }
  // Those added since this was a copy of `base`, the latest first.
  std::vector<Atom> names_since(const Bindings& base) const;
  // A later variable of the same name hides an earlier one.
  void add(Atom name, Term value) { variables_.add(name, std::move(value)); }
  // All variables of `inner`, which hide ours of the same name.
  void add_all(const Bindings& inner);
  // Adds the variables that `part` has and `base` lacks; both this object and `part` are copies of
  // `base` with additions. Throws UnknownToEvaluator for a variable that the two bind to different
  // values: Erlang raises badmatch with one of these values, and the expression decides with which.
  void merge(const Bindings& part, const Bindings& base);

 private:
  Scope<Term> variables_;
};

}  // namespace relmk::eval
