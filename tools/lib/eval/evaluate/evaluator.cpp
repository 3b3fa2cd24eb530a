// The walk over expressions, in the order in which erl_eval evaluates them: operands each see the
// variables from before the whole expression, and what they bind is merged afterwards.
#include "eval/evaluate/evaluator.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "eval/evaluate/fun.h"
#include "eval/evaluate/handover.h"
#include "eval/evaluate/stack.h"
#include "eval/library/library.h"
#include "eval/library/support.h"

namespace relmk::eval {

Evaluator::Evaluator(const ScriptOptions& options) : options_(options) {
  const std::string& release = options.otp_release;
  std::from_chars(release.data(), release.data() + release.size(), otp_release_);
}

Term Evaluator::evaluate_all(const Expressions& expressions, Bindings& bindings) {
  return body(expressions, bindings, Tail::No);
}

Term Evaluator::body(const Expressions& all, Bindings& scope, Tail tail) {
  for (size_t i = 0; i + 1 < all.size(); ++i)
    evaluate(*all[i], scope);
  return evaluate(*all.back(), scope, tail);
}

Terms Evaluator::parallel(const Expressions& all, size_t from, Bindings& scope) {
  const Bindings base = scope;
  Terms values;
  values.reserve(all.size() - from);
  for (size_t i = from; i < all.size(); ++i) {
    Bindings own = base;
    values.push_back(evaluate(*all[i], own));
    scope.merge(own, base);
  }
  return values;
}

void Evaluator::check_time() {
  constexpr unsigned kLookAgain = 4096;  // the clock is slower than most expressions
  if (options_.limit.count() == 0 || ++evaluations_ % kLookAgain != 0) return;
  const double seconds = static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC;
  if (seconds > static_cast<double>(options_.limit.count())) throw too_slow("the script", options_);
}

Term Evaluator::evaluate(const Expression& e, Bindings& scope, Tail tail) {
  check_stack("recursion this deep");
  check_time();
  switch (e.kind) {
    case ExpressionKind::Literal:
      return e.value;
    case ExpressionKind::Variable:
      return variable(e, scope);
    case ExpressionKind::Cons:
      return cons(e, scope);
    case ExpressionKind::Tuple:
      return Term::tuple(parallel(e.parts, 0, scope), e.at);
    case ExpressionKind::Map:
    case ExpressionKind::MapUpdate:
      return map(e, scope);
    case ExpressionKind::Bits:
      return bits(e, scope);
    case ExpressionKind::Record:
      fail_at(e.at, "undef_record", Term(*e.name));
    case ExpressionKind::Match:
      return match_expression(e, scope);
    case ExpressionKind::Operator:
      return operation(e, scope);
    case ExpressionKind::Call:
      return call(e, scope, tail);
    case ExpressionKind::Remote:
      fail_at(e.at, "badexpr", Term::atom(":"));
    case ExpressionKind::LocalFun:
      return local_fun(e);
    case ExpressionKind::RemoteFun:
    case ExpressionKind::Fun:
      return make_fun(e, scope);
    case ExpressionKind::Block:
      return body(e.parts, scope, tail);
    case ExpressionKind::Case:
      return case_expression(e, scope, tail);
    case ExpressionKind::If:
      return if_expression(e, scope, tail);
    case ExpressionKind::Try:
      return try_expression(e, scope);
    case ExpressionKind::Catch:
      return catch_expression(e, scope);
    case ExpressionKind::Maybe:
      return maybe_expression(e, scope, tail);
    case ExpressionKind::Comprehension:
      return comprehension(e, scope);
    default:
      throw UnknownToEvaluator("an unknown expression", e.at);
  }
}

Term Evaluator::variable(const Expression& e, const Bindings& scope) const {
  if (const Term* value = scope.find(*e.name)) return *value;
  fail_at(e.at, "unbound", Term(*e.name));
}

// [A, B | T] as one list, not as cells.
Term Evaluator::cons(const Expression& e, Bindings& scope) {
  const Bindings base = scope;
  Terms elements;
  const Expression* cell = &e;
  for (; cell->is(ExpressionKind::Cons); cell = cell->parts[1].get()) {
    Bindings own = base;
    elements.push_back(evaluate(*cell->parts[0], own));
    scope.merge(own, base);
  }
  Bindings own = base;
  const Term tail = evaluate(*cell, own);
  scope.merge(own, base);
  return Term::improper_list(std::move(elements), tail, e.at);
}

MapEntries::iterator place_of(MapEntries& entries, const Term& key) {
  return std::lower_bound(entries.begin(), entries.end(), key,
                          [](const Term::MapEntry& entry, const Term& wanted) {
                            return Term::compare_exact(entry.first, wanted) < 0;
                          });
}

MapEntries Evaluator::copied_entries(const Term& map) {
  copied_ += map.entries().size();
  if (copied_ > options_.most_copied_entries) {
    throw Error(fmt::format("updates of maps have copied more than {} entries",
                            options_.most_copied_entries))
        .with_hint("maps:from_list/1 makes a large map at once");
  }
  return map.entries();
}

Term Evaluator::map(const Expression& e, Bindings& scope) {
  const Bindings base = scope;
  std::vector<Term::MapEntry> entries;
  if (e.is(ExpressionKind::MapUpdate)) {
    const Term updated = evaluate(*e.parts[0], scope);
    if (!updated.is_map()) fail_at(e.at, "badmap", updated);
    entries = copied_entries(updated);
  }
  // The key and the value of a field see each other's variables; fields don't, but binding in
  // them is so rare that lint leaves it to Erlang.
  std::vector<Term::MapEntry> fields;
  for (const MapField& field : e.fields) {
    Term key = evaluate(*field.key, scope);
    fields.emplace_back(std::move(key), evaluate(*field.value, scope));
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto place = place_of(entries, fields[i].first);
    if (place != entries.end() && place->first == fields[i].first) {
      place->second = std::move(fields[i].second);
    } else if (e.fields[i].exact) {
      fail_at(e.fields[i].at, "badkey", fields[i].first);
    } else {
      entries.insert(place, std::move(fields[i]));
    }
  }
  return Term::map(std::move(entries));
}

Term Evaluator::match_expression(const Expression& e, Bindings& scope) {
  Term value = evaluate(*e.parts[1], scope);
  Bindings bound = scope;
  Bindings sizes = scope;
  if (!match(*e.parts[0], value, bound, sizes)) fail_at(e.at, "badmatch", value);
  scope = bound;
  return value;
}

// `fun Name/Arity`: a script has no functions of its own; newer releases know auto-imported ones.
Term Evaluator::local_fun(const Expression& e) const {
  if (otp_release_ < 26) fail_at(e.at, Term::atom("undef"));
  if (otp_release_ < 27 ||
      !find_auto_imported(e.name->text(), static_cast<size_t>(e.arity), otp_release_))
    throw UnknownToEvaluator("a fun of a local function", e.at);
  return term::ExternalFun::term(Atom("erlang"), *e.name, e.arity);
}

Term Evaluator::make_fun(const Expression& e, Bindings& scope) {
  if (e.is(ExpressionKind::RemoteFun)) {
    const Terms named = parallel(e.parts, 0, scope);
    if (!named[0].is_atom() || !named[1].is_atom() || !named[2].is_small_integer() ||
        named[2].as_integer() < 0 || named[2].as_integer() > 255) {
      fail_at(e.at, Term::atom("badarg"));
    }
    return term::ExternalFun::term(named[0].as_atom(), named[1].as_atom(), named[2].as_integer());
  }
  if (e.arity > 20) throw UnknownToEvaluator("a fun of more than 20 arguments", e.at);
  return Term::opaque(term::TermKind::Fun,
                      std::make_shared<EvaluatedFun>(e.shared_from_this(), scope));
}

}  // namespace relmk::eval
