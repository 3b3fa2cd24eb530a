#include "eval/evaluate/fun.h"

#include <fmt/core.h>

#include <atomic>

namespace relmk::eval {

EvaluatedFun::EvaluatedFun(ExpressionPtr expression, Bindings bindings)
    : expression_(std::move(expression)), bindings_(std::move(bindings)) {
  static std::atomic<int> count = 0;
  number_ = ++count;
}

std::string EvaluatedFun::text() const {
  return fmt::format("#Fun<erl_eval.{}.{}>", expression_->arity, number_);
}

std::string EvaluatedFun::key() const {
  return fmt::format("1{:010}", number_);
}

const EvaluatedFun* as_evaluated_fun(const Term& term) {
  if (term.kind() != term::TermKind::Fun) return nullptr;
  return dynamic_cast<const EvaluatedFun*>(&term.as_opaque());
}

const term::ExternalFun* as_external_fun(const Term& term) {
  if (term.kind() != term::TermKind::Fun) return nullptr;
  return dynamic_cast<const term::ExternalFun*>(&term.as_opaque());
}

bool is_function(const Term& term) {
  return term.kind() == term::TermKind::Fun;
}

bool is_function(const Term& term, size_t arity) {
  if (const EvaluatedFun* fun = as_evaluated_fun(term)) return fun->arity() == arity;
  if (const term::ExternalFun* fun = as_external_fun(term)) {
    return fun->arity == static_cast<int64_t>(arity);
  }
  return false;
}

}  // namespace relmk::eval
