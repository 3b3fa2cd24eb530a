// fun M:F/A: the one kind of fun that is a literal.
#pragma once

#include "term/term.h"

namespace relmk::term {

class ExternalFun : public Opaque {
 public:
  ExternalFun(Atom module, Atom function, int64_t arity)
      : module(module), function(function), arity(arity) {}
  static Term term(Atom module, Atom function, int64_t arity);

  std::string text() const override;

  const Atom module;
  const Atom function;
  const int64_t arity;
};

}  // namespace relmk::term
