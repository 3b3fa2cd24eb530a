// Funs as values in terms.
#pragma once

#include <memory>

#include "eval/evaluate/bindings.h"
#include "eval/syntax/syntax.h"
#include "term/external_fun.h"
#include "term/term.h"

namespace relmk::eval {

// fun (…) -> … end, with the variables that it sees.
class EvaluatedFun : public term::Opaque {
 public:
  EvaluatedFun(ExpressionPtr expression, Bindings bindings);
  const Expression& expression() const { return *expression_; }
  const Bindings& bindings() const { return bindings_; }
  size_t arity() const { return static_cast<size_t>(expression_->arity); }
  std::string text() const override;
  std::string key() const override;

 private:
  ExpressionPtr expression_;
  Bindings bindings_;
  int number_;
};

const EvaluatedFun* as_evaluated_fun(const Term& term);
const term::ExternalFun* as_external_fun(const Term& term);
bool is_function(const Term& term);
bool is_function(const Term& term, size_t arity);

}  // namespace relmk::eval
