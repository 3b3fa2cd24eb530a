#include "eval/evaluate/guard_expression.h"

#include <algorithm>

#include "eval/evaluate/failure.h"
#include "eval/evaluate/operators.h"
#include "eval/evaluate/stack.h"
#include "eval/library/library.h"

namespace relmk::eval {
namespace {

bool all_guards(const Expressions& parts, size_t from, int otp_release) {
  return std::all_of(parts.begin() + static_cast<std::ptrdiff_t>(from), parts.end(),
                     [&](const ExpressionPtr& e) { return is_guard_expression(*e, otp_release); });
}

bool is_guard_call(const Expression& e, int otp_release) {
  const Expression* name = e.parts[0].get();
  if (name->is(ExpressionKind::Remote)) {
    const Expression& module = *name->parts[0];
    if (!module.is_atom() || !module.value.is_atom("erlang")) return false;
    name = name->parts[1].get();
    if (name->is_atom() && is_operator(name->value.atom_text(), e.parts.size() - 1)) {
      throw UnknownToEvaluator("an operator called in a guard", e.at);
    }
  }
  if (!name->is_atom()) return false;
  const LibraryFunction* function =
      find_library_function("erlang", name->value.atom_text(), e.parts.size() - 1, otp_release);
  return function != nullptr && function->guard && all_guards(e.parts, 1, otp_release);
}

}  // namespace

bool is_guard_expression(const Expression& e, int otp_release) {
  check_stack("deeply nested guards");
  switch (e.kind) {
    case ExpressionKind::Literal:
    case ExpressionKind::Variable:
      return true;
    case ExpressionKind::Cons:
    case ExpressionKind::Tuple:
      return all_guards(e.parts, 0, otp_release);
    case ExpressionKind::Map:
    case ExpressionKind::MapUpdate:
      return all_guards(e.parts, 0, otp_release) &&
             std::all_of(e.fields.begin(), e.fields.end(), [&](const MapField& field) {
               return is_guard_expression(*field.key, otp_release) &&
                      is_guard_expression(*field.value, otp_release);
             });
    case ExpressionKind::Bits:
      return std::all_of(e.segments.begin(), e.segments.end(), [&](const Segment& segment) {
        return is_guard_expression(*segment.value, otp_release) &&
               (!segment.size || is_guard_expression(*segment.size, otp_release));
      });
    case ExpressionKind::Operator: {
      const std::string& symbol = e.name->text();
      if (symbol == "++" || symbol == "--" || symbol == "!") return false;
      return all_guards(e.parts, 0, otp_release);
    }
    case ExpressionKind::Call:
      return is_guard_call(e, otp_release);
    default:
      return false;
  }
}

}  // namespace relmk::eval
