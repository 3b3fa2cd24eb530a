#include "term/external_fun.h"

#include <fmt/format.h>

#include "term/external.h"
#include "term/print.h"

namespace relmk {

Term ExternalFun::term(Atom module, Atom function, int64_t arity) {
  return Term::opaque(TermKind::Fun, std::make_shared<ExternalFun>(module, function, arity));
}

std::string ExternalFun::text() const {
  return fmt::format("fun {}:{}/{}", print_atom(module), print_atom(function), arity);
}

std::string ExternalFun::external() const {
  constexpr char kExport = 113;
  // Each encoding begins with the version byte.
  return kExport + encode_external(module).substr(1) + encode_external(function).substr(1) +
         encode_external(arity).substr(1);
}

}  // namespace relmk
