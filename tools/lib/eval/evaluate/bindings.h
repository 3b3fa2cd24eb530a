// The variables that an expression sees. A value, cheap to copy: adding a variable leaves copies
// made before as they were.
#pragma once

#include <memory>
#include <vector>

#include "term/term.h"

namespace relmk::eval {

class Bindings {
 public:
  // nullptr when the variable is unbound.
  const Term* find(Atom name) const;
  std::vector<Atom> names() const;
  // A later variable of the same name hides an earlier one.
  void add(Atom name, Term value);
  // All variables of `inner`, which hide ours of the same name.
  void add_all(const Bindings& inner);
  // The variables that `part`, a copy of `base` with additions, got after that. Throws
  // UnknownToEvaluator where one is bound here to something else since `base`: of which of the two
  // the badmatch speaks depends on the expression.
  void merge(const Bindings& part, const Bindings& base);

 private:
  struct Variable;
  std::shared_ptr<const Variable> last_;
};

}  // namespace relmk::eval
