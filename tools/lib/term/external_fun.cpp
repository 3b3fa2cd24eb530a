#include "term/external_fun.h"

#include <fmt/core.h>

#include "term/print.h"

namespace relmk::term {

Term ExternalFun::term(Atom module, Atom function, int64_t arity) {
  return Term::opaque(TermKind::Fun, std::make_shared<ExternalFun>(module, function, arity));
}

std::string ExternalFun::text() const {
  return fmt::format("fun {}:{}/{}", print_atom(module), print_atom(function), arity);
}

}  // namespace relmk::term
