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
  // Adds the variables that `part` has and `base` lacks; both this object and `part` are copies of
  // `base` with additions. Throws UnknownToEvaluator for a variable that the two bind to different
  // values: Erlang raises badmatch with one of these values, and the expression decides with which.
  void merge(const Bindings& part, const Bindings& base);

 private:
  struct Variable;
  std::shared_ptr<const Variable> last_;
};

}  // namespace relmk::eval
