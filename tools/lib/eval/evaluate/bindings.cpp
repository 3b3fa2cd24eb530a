#include "eval/evaluate/bindings.h"

#include "eval/evaluate/failure.h"

namespace relmk::eval {

struct Bindings::Variable {
  Atom name;
  Term value;
  std::shared_ptr<const Variable> before;
};

const Term* Bindings::find(Atom name) const {
  for (const Variable* v = last_.get(); v != nullptr; v = v->before.get()) {
    if (v->name == name) return &v->value;
  }
  return nullptr;
}

std::vector<Atom> Bindings::names() const {
  std::vector<Atom> all;
  for (const Variable* v = last_.get(); v != nullptr; v = v->before.get())
    all.push_back(v->name);
  return all;
}

void Bindings::add(Atom name, Term value) {
  last_ = std::make_shared<const Variable>(Variable{name, std::move(value), last_});
}

void Bindings::add_all(const Bindings& inner) {
  for (const Variable* v = inner.last_.get(); v != nullptr; v = v->before.get())
    add(v->name, v->value);
}

void Bindings::merge(const Bindings& part, const Bindings& base) {
  if (part.last_ == base.last_) return;
  if (last_ == base.last_) {
    last_ = part.last_;
    return;
  }
  for (const Variable* v = part.last_.get(); v != base.last_.get(); v = v->before.get()) {
    const Term* known = find(v->name);
    if (known == nullptr) {
      add(v->name, v->value);
    } else if (!(*known == v->value)) {
      throw UnknownToEvaluator("a variable bound in two operands");
    }
  }
}

}  // namespace relmk::eval
