#include "eval/evaluate/bindings.h"

#include "eval/evaluate/failure.h"

namespace relmk::eval {

std::vector<Atom> Bindings::names_since(const Bindings& base) const {
  std::vector<Atom> names;
  variables_.each_since(base.variables_, [&](Atom name, const Term&) { names.push_back(name); });
  return names;
}

void Bindings::add_all(const Bindings& inner) {
  inner.variables_.each_since({}, [&](Atom name, const Term& value) { add(name, value); });
}

void Bindings::merge(const Bindings& part, const Bindings& base) {
  if (part.variables_.is_same(base.variables_)) return;
  if (variables_.is_same(base.variables_)) {
    variables_ = part.variables_;
    return;
  }
  part.variables_.each_since(base.variables_, [&](Atom name, const Term& value) {
    const Term* known = find(name);
    if (known == nullptr) {
      add(name, value);
    } else if (!(*known == value)) {
      throw UnknownToEvaluator("a variable bound in two operands");
    }
  });
}

}  // namespace relmk::eval
