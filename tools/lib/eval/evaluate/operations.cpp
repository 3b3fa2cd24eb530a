// The evaluator's operators. What they come to of their operands' values is in operators.cpp.
#include <fmt/core.h>

#include "eval/evaluate/evaluator.h"
#include "eval/evaluate/operators.h"

namespace relmk::eval {
namespace {

// Of a list that ++ makes: a script may double one as often as it likes.
constexpr size_t kMostElements = 10'000'000;

bool is_append(const Expression& e) {
  return e.is(ExpressionKind::Operator) && e.parts.size() == 2 && e.name->text() == "++";
}

// A ++ B ++ C, which is A ++ (B ++ C), at once: one after the other would cost the square of their
// number.
struct AppendedLists {
  std::vector<const Expression*> operators;
  Expressions operands;  // one more than operators

  explicit AppendedLists(const Expression& first) {
    const Expression* next = &first;
    for (; is_append(*next); next = operands.back().get()) {
      operators.push_back(next);
      if (!operands.empty()) operands.pop_back();
      operands.insert(operands.end(), next->parts.begin(), next->parts.end());
    }
  }

  Term value(const Terms& values) const {
    for (size_t i = operators.size(); i-- > 0;) {
      if (!values[i].is_proper_list()) raise_at(*operators[i]);
    }
    size_t size = values.back().is_list() ? values.back().elements().size() : 0;
    for (size_t i = 0; i < operators.size(); ++i)
      size += values[i].elements().size();
    if (size > kMostElements)
      throw Error(fmt::format("++ makes a list of more than {} elements", kMostElements));
    Terms elements;
    for (size_t i = 0; i < operators.size(); ++i)
      elements.insert(elements.end(), values[i].elements().begin(), values[i].elements().end());
    return Term::improper_list(std::move(elements), values.back());
  }

  [[noreturn]] static void raise_at(const Expression& e) {
    try {
      raise_badarg();
    } catch (Raised& raised) {
      raised.set_position(e.at);
      raised.set_origin(Atom("erlang"), *e.name, e.parts.size());
      throw;
    }
  }
};

}  // namespace

Term Evaluator::operation(const Expression& e, Bindings& scope) {
  const std::string& symbol = e.name->text();
  if (symbol == "andalso" || symbol == "orelse") return short_circuit(e, scope);
  if (symbol == "!") throw UnknownToEvaluator("!", e.at);
  if (is_append(e)) {
    const AppendedLists lists(e);
    return lists.value(parallel(lists.operands, 0, scope));
  }
  const Terms operands = parallel(e.parts, 0, scope);
  try {
    return apply_operator(symbol, operands);
  } catch (Raised& raised) {
    raised.set_position(e.at);
    raised.set_origin(Atom("erlang"), *e.name, operands.size());
    throw;
  }
}

Term Evaluator::short_circuit(const Expression& e, Bindings& scope) {
  const Term left = evaluate(*e.parts[0], scope);
  if (!left.is_boolean()) fail_at(e.at, "badarg", left);
  if (left.is_atom("true") == (e.name->text() == "orelse")) return left;
  Bindings own = scope;
  return evaluate(*e.parts[1], own);
}

}  // namespace relmk::eval
