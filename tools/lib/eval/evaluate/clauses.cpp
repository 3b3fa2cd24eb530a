// The evaluator's expressions that choose: by a clause whose patterns match and whose guards hold,
// or by an exception.
#include "eval/evaluate/evaluator.h"
#include "eval/library/support.h"

namespace relmk::eval {
namespace {

// A stack of ours tells less than a VM's: where it becomes part of the script's value or is
// printed, a VM has to tell it.
Term stack_of(const Raised& raised) {
  Terms frames = raised.stacktrace().elements();
  if (frames.empty()) frames = stack_of_expression().elements();
  return with_uncertain_shape(std::move(frames));
}

}  // namespace

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
  fail_at(e.at, Term::atom("if_clause"));
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
  if (clause == nullptr) fail_at(e.at, "case_clause", value);
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
  if (clause == nullptr) fail_at(e.at, "try_clause", value);
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
    if (clause == nullptr) fail_at(e.at, "else_clause", value);
    return body(clause->body, scope, tail);
  }
  return value;
}

}  // namespace relmk::eval
