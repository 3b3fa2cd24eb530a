// The walk over expressions, in the order in which erl_eval evaluates them: operands each see the
// variables from before the whole expression, and what they bind is merged afterwards.
#include "eval/evaluate/evaluator.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "eval/evaluate/fun.h"
#include "eval/evaluate/handover.h"
#include "eval/evaluate/operators.h"
#include "eval/evaluate/stack.h"
#include "eval/library/library.h"
#include "eval/library/support.h"

namespace relmk::eval {
namespace {

[[noreturn]] void fail(Position at, Term reason) {
  static const Atom error("error");
  static const Term stack =
      Term::list({Term::tuple({Term::atom("erl_eval"), Term::atom("expr"), 6, Term()})});
  throw Raised(error, std::move(reason), stack, at);
}

[[noreturn]] void fail(Position at, std::string_view tag, const Term& value) {
  fail(at, Term::tuple({Term::atom(tag), value}));
}

// A stack of ours tells less than a VM's: where it becomes part of the script's value or is
// printed, a VM has to tell it.
Term stack_of(const Raised& raised) {
  Terms frames = raised.stacktrace().elements();
  if (frames.empty())
    frames = {Term::tuple({Term::atom("erl_eval"), Term::atom("expr"), 6, Term()})};
  return with_uncertain_shape(std::move(frames));
}

}  // namespace

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
      fail(e.at, "undef_record", Term(*e.name));
    case ExpressionKind::Match:
      return match_expression(e, scope);
    case ExpressionKind::Operator:
      return operation(e, scope);
    case ExpressionKind::Call:
      return call(e, scope, tail);
    case ExpressionKind::Remote:
      fail(e.at, "badexpr", Term::atom(":"));
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
  fail(e.at, "unbound", Term(*e.name));
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
    if (!updated.is_map()) fail(e.at, "badmap", updated);
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
      fail(e.fields[i].at, "badkey", fields[i].first);
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
  if (!match(*e.parts[0], value, bound, sizes)) fail(e.at, "badmatch", value);
  scope = bound;
  return value;
}

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
  if (!left.is_boolean()) fail(e.at, "badarg", left);
  if (left.is_atom("true") == (e.name->text() == "orelse")) return left;
  Bindings own = scope;
  return evaluate(*e.parts[1], own);
}

Term Evaluator::catch_expression(const Expression& e, Bindings& scope) {
  Bindings own = scope;
  try {
    Term value = evaluate(*e.parts[0], own);
    scope = own;
    return value;
  } catch (const Raised& raised) {
    const std::string& kind = raised.exception_class().text();
    if (kind == "throw") return raised.reason();
    const Term exit = Term::atom("EXIT");
    if (kind == "exit") return Term::tuple({exit, raised.reason()});
    return Term::tuple({exit, Term::tuple({raised.reason(), stack_of(raised)})});
  }
}

Term Evaluator::if_expression(const Expression& e, Bindings& scope, Tail tail) {
  for (const Clause& clause : e.clauses) {
    if (guards_hold(clause, scope)) return body(clause.body, scope, tail);
  }
  fail(e.at, Term::atom("if_clause"));
}

const Clause* Evaluator::select(const std::vector<Clause>& clauses, const Terms& values,
                                const Bindings& patterns_see, bool hide, Bindings& scope) {
  for (const Clause& clause : clauses) {
    Bindings bound = hide ? Bindings() : patterns_see;
    Bindings sizes = patterns_see;
    bool matches = true;
    for (size_t i = 0; matches && i < values.size(); ++i)
      matches = match(*clause.patterns[i], values[i], bound, sizes);
    if (!matches) continue;
    Bindings all = patterns_see;
    if (hide) {
      all.add_all(bound);
    } else {
      all = bound;
    }
    if (!guards_hold(clause, all)) continue;
    scope = all;
    return &clause;
  }
  return nullptr;
}

Term Evaluator::case_expression(const Expression& e, Bindings& scope, Tail tail) {
  const Term value = evaluate(*e.parts[0], scope);
  const Bindings seen = scope;
  const Clause* clause = select(e.clauses, {value}, seen, false, scope);
  if (clause == nullptr) fail(e.at, "case_clause", value);
  return body(clause->body, scope, tail);
}

bool Evaluator::guards_hold(const Clause& clause, const Bindings& scope) {
  if (clause.guards.empty()) return true;
  for (const Expressions& conjunction : clause.guards) {
    bool all = true;
    for (size_t i = 0; all && i < conjunction.size(); ++i)
      all = guard_holds(*conjunction[i], scope);
    if (all) return true;
  }
  return false;
}

bool Evaluator::guard_holds(const Expression& test, const Bindings& scope) {
  Bindings own = scope;
  try {
    return evaluate(test, own).is_atom("true");
  } catch (const Raised&) {
    return false;
  }
}

Term Evaluator::try_expression(const Expression& e, Bindings& scope) {
  if (e.cleanup.empty()) return try_with_handlers(e, scope);
  const Bindings before = scope;
  const auto clean_up = [&] {
    Bindings own = before;
    body(e.cleanup, own, Tail::No);
  };
  try {
    Term value = try_with_handlers(e, scope);
    clean_up();
    return value;
  } catch (const Raised&) {
    clean_up();
    throw;
  }
}

Term Evaluator::try_with_handlers(const Expression& e, Bindings& scope) {
  Bindings own = scope;
  Term value;
  try {
    value = body(e.parts, own, Tail::No);
  } catch (const Raised& raised) {
    const Bindings seen = scope;
    Bindings inner = scope;
    const Clause* clause =
        select(e.handlers, {Term(raised.exception_class()), raised.reason(), stack_of(raised)},
               seen, false, inner);
    if (clause == nullptr) throw;
    return body(clause->body, inner, Tail::No);
  }
  if (e.clauses.empty()) return value;
  const Bindings seen = own;
  const Clause* clause = select(e.clauses, {value}, seen, false, own);
  if (clause == nullptr) fail(e.at, "try_clause", value);
  return body(clause->body, own, Tail::No);
}

Term Evaluator::maybe_expression(const Expression& e, Bindings& scope, Tail tail) {
  Bindings own = scope;
  Term value;
  for (const ExpressionPtr& part : e.parts) {
    if (!part->is(ExpressionKind::MaybeMatch)) {
      value = evaluate(*part, own);
      continue;
    }
    value = evaluate(*part->parts[1], own);
    Bindings bound = own;
    Bindings sizes = own;
    if (match(*part->parts[0], value, bound, sizes)) {
      own = bound;
      continue;
    }
    if (e.clauses.empty()) return value;
    const Bindings seen = scope;
    const Clause* clause = select(e.clauses, {value}, seen, false, scope);
    if (clause == nullptr) fail(e.at, "else_clause", value);
    return body(clause->body, scope, tail);
  }
  return value;
}

// `fun Name/Arity`: a script has no functions of its own; newer releases know auto-imported ones.
Term Evaluator::local_fun(const Expression& e) const {
  if (otp_release_ < 26) fail(e.at, Term::atom("undef"));
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
      fail(e.at, Term::atom("badarg"));
    }
    return term::ExternalFun::term(named[0].as_atom(), named[1].as_atom(), named[2].as_integer());
  }
  if (e.arity > 20) throw UnknownToEvaluator("a fun of more than 20 arguments", e.at);
  return Term::opaque(term::TermKind::Fun,
                      std::make_shared<EvaluatedFun>(e.shared_from_this(), scope));
}

}  // namespace relmk::eval
