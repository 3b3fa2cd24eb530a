#include "eval/syntax/lint.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "eval/evaluate/failure.h"
#include "eval/evaluate/guard_expression.h"
#include "eval/evaluate/operators.h"
#include "eval/evaluate/stack.h"
#include "eval/library/library.h"

namespace relmk::eval {
namespace {

using Variables = VariableNames;

// What was added to `part`, a copy of `base` once, and is not in `vars` yet.
void add_since(Variables& vars, const Variables& part, const Variables& base) {
  part.each_since(base, [&](Atom name, Standing standing) { vars.add_new(name, standing); });
}

bool is_constant_operand(const Expression& e) {
  if (e.is(ExpressionKind::Literal)) return e.value.kind() == term::TermKind::Number;
  if (!e.is(ExpressionKind::Operator)) return false;
  return is_operator(e.name->text(), e.parts.size()) &&
         std::all_of(e.parts.begin(), e.parts.end(),
                     [](const ExpressionPtr& part) { return is_constant_operand(*part); });
}

// What may stand on the left of ++ in a pattern.
bool is_constant_text(const Expression& e) {
  if (e.is(ExpressionKind::Literal)) return e.is_string || e.value.is_nil();
  if (!e.is(ExpressionKind::Cons)) return false;
  const Expression& head = *e.parts[0];
  return head.is(ExpressionKind::Literal) && head.value.is_integer() &&
         is_constant_text(*e.parts[1]);
}

class Lint {
 public:
  explicit Lint(int otp_release) : otp_release_(otp_release) {}

  void expressions(const Expressions& all, Variables& vars) {
    for (const ExpressionPtr& e : all)
      expression(*e, vars);
  }

  const std::optional<UnboundVariable>& unbound() const { return unbound_; }

 private:
  [[noreturn]] static void refuse(const Expression& e, const std::string& what) {
    throw UnknownToEvaluator(what, e.at);
  }

  void use(const Expression& e, const Variables& vars) {
    const Standing* known = vars.find(*e.name);
    if (known != nullptr && e.name->text() != "_") {
      if (*known == Standing::Unsafe) refuse(e, "unsafe variable " + e.name->text());
      return;
    }
    // Of several erl_lint tells the one that it comes to first.
    if (!unbound_) unbound_ = UnboundVariable{*e.name, e.at};
  }

  // Each part sees the variables from before; what they bind is seen after all of them.
  void parallel(const Expressions& parts, Variables& vars) {
    const Variables before = vars;
    for (const ExpressionPtr& part : parts) {
      Variables own = before;
      expression(*part, own);
      add_since(vars, own, before);
    }
  }

  // As parallel, for what must not bind anything lest we differ from erl_eval.
  void binding_nothing(const Expression& e, const Variables& vars) {
    Variables own = vars;
    expression(e, own);
    if (!own.is_same(vars)) refuse(e, "a variable bound within a map or binary");
  }

  // Variables bound since `before` are unsafe from here on.
  static void make_unsafe(Variables& vars, const Variables& before) {
    const Variables all = vars;
    all.each_since(before, [&](Atom name, Standing) {
      if (!before.contains(name) && *vars.find(name) == Standing::Bound)
        vars.add(name, Standing::Unsafe);
    });
  }

  void expression(const Expression& e, Variables& vars) {
    check_stack("deeply nested expressions");
    switch (e.kind) {
      case ExpressionKind::Literal:
        return;
      case ExpressionKind::Variable:
        return use(e, vars);
      case ExpressionKind::Cons:
      case ExpressionKind::Tuple:
      case ExpressionKind::RemoteFun:
        if (e.is(ExpressionKind::RemoteFun)) check_remote_fun(e);
        return parallel(e.parts, vars);
      case ExpressionKind::Map:
      case ExpressionKind::MapUpdate:
      case ExpressionKind::Bits:
        return map_or_bits(e, vars);
      case ExpressionKind::Match:
      case ExpressionKind::MaybeMatch:
        expression(*e.parts[1], vars);
        return pattern(*e.parts[0], vars, vars);
      case ExpressionKind::Operator:
        return operation(e, vars);
      case ExpressionKind::Call:
        return call(e, vars);
      case ExpressionKind::LocalFun:
        return;
      case ExpressionKind::Fun:
        return fun(e, vars);
      case ExpressionKind::Block:
        return expressions(e.parts, vars);
      case ExpressionKind::Case:
      case ExpressionKind::If:
        parallel(e.parts, vars);
        return clauses(e.clauses, vars);
      case ExpressionKind::Try:
        return try_expression(e, vars);
      case ExpressionKind::Catch:
      case ExpressionKind::Maybe:
        return guarded_body(e, vars);
      case ExpressionKind::Comprehension:
        return comprehension(e, vars);
      case ExpressionKind::Record:
        refuse(e, "record #" + e.name->text());
      default:
        refuse(e, "an expression of this kind");
    }
  }

  void map_or_bits(const Expression& e, Variables& vars) {
    parallel(e.parts, vars);
    for (const MapField& field : e.fields) {
      if (field.exact && e.is(ExpressionKind::Map)) refuse(e, "an illegal map construction");
      binding_nothing(*field.key, vars);
      binding_nothing(*field.value, vars);
    }
    for (const Segment& segment : e.segments) {
      binding_nothing(*segment.value, vars);
      if (segment.size) binding_nothing(*segment.size, vars);
    }
  }

  void operation(const Expression& e, Variables& vars) {
    const std::string& symbol = e.name->text();
    if (symbol == "!") refuse(e, "!");
    if (symbol != "andalso" && symbol != "orelse") return parallel(e.parts, vars);
    expression(*e.parts[0], vars);
    const Variables before = vars;
    expression(*e.parts[1], vars);
    make_unsafe(vars, before);
  }

  void check_known(const Expression& e, const Term& module, const Term& name, size_t arity) {
    const std::string& function = name.atom_text();
    if (module.is_atom("erlang") &&
        (is_operator(function, arity) || (function == "apply" && (arity == 2 || arity == 3)))) {
      return;
    }
    if (find_library_function(module.atom_text(), function, arity, otp_release_) == nullptr) {
      refuse(e, fmt::format("{}:{}/{}", module.atom_text(), function, arity));
    }
  }

  void check_remote_fun(const Expression& e) {
    if (!e.parts[0]->is_atom() || !e.parts[1]->is_atom()) return;
    if (!e.parts[2]->is(ExpressionKind::Literal)) return;
    const int64_t arity = e.parts[2]->value.as_integer();
    check_known(e, e.parts[0]->value, e.parts[1]->value, static_cast<size_t>(arity));
  }

  void call(const Expression& e, Variables& vars) {
    const Expression& function = *e.parts[0];
    const size_t arity = e.parts.size() - 1;
    const Expressions arguments(e.parts.begin() + 1, e.parts.end());
    if (function.is_atom()) {
      const std::string& name = function.value.atom_text();
      const bool known = (name == "apply" && (arity == 2 || arity == 3)) ||
                         find_auto_imported(name, arity, otp_release_) != nullptr;
      if (!known || name == "is_record") refuse(e, fmt::format("{}/{}", name, arity));
      return parallel(arguments, vars);
    }
    if (!function.is(ExpressionKind::Remote)) return parallel(e.parts, vars);
    const Expressions& named = function.parts;
    if (named[0]->is_atom() && named[1]->is_atom()) {
      check_known(e, named[0]->value, named[1]->value, arity);
    }
    parallel(named, vars);
    parallel(arguments, vars);
  }

  void guards(const Clause& clause, Variables& vars) {
    for (const Expressions& conjunction : clause.guards) {
      for (const ExpressionPtr& test : conjunction) {
        if (!is_guard_expression(*test, otp_release_)) refuse(*test, "an illegal guard");
        expression(*test, vars);
      }
    }
  }

  // Variables that every clause binds are bound afterwards, others are unsafe.
  void clauses(const std::vector<Clause>& all, Variables& vars) {
    struct InClauses {
      Atom name;
      size_t times = 0;  // that a clause binds it
      Standing standing = Standing::Bound;
    };
    std::map<const std::string*, InClauses> bound;
    for (const Clause& clause : all) {
      Variables own = vars;
      for (const ExpressionPtr& p : clause.patterns)
        pattern(*p, vars, own);
      guards(clause, own);
      expressions(clause.body, own);
      Variables seen;
      own.each_since(vars, [&](Atom name, Standing standing) {
        if (vars.contains(name) || !seen.add_new(name, standing)) return;
        InClauses& in = bound.try_emplace(&name.text(), InClauses{name}).first->second;
        ++in.times;
        if (standing == Standing::Unsafe) in.standing = Standing::Unsafe;
      });
    }
    for (const auto& [text, in] : bound)
      vars.add(in.name, in.times < all.size() ? Standing::Unsafe : in.standing);
  }

  void fun(const Expression& e, const Variables& vars) {
    Variables outer = vars;
    if (e.name) outer.add(*e.name, Standing::Bound);
    for (const Clause& clause : e.clauses) {
      Variables own = outer;
      hiding_patterns(clause.patterns, own);
      guards(clause, own);
      expressions(clause.body, own);
    }
  }

  // Patterns of fun heads and generators: all of their variables are new.
  void hiding_patterns(const Expressions& patterns, Variables& vars) {
    Variables bound;
    for (const ExpressionPtr& p : patterns)
      pattern(*p, vars, bound);
    bound.each_since({}, [&](Atom name, Standing standing) { vars.add(name, standing); });
  }

  void try_expression(const Expression& e, Variables& vars) {
    const Variables before = vars;
    expressions(e.parts, vars);
    Variables in_handlers = vars;
    make_unsafe(in_handlers, before);
    if (!e.clauses.empty()) clauses(e.clauses, vars);
    for (const Clause& handler : e.handlers) {
      const Expression& stacktrace = *handler.patterns[2];
      if (before.contains(*stacktrace.name)) refuse(stacktrace, "a bound stacktrace");
    }
    if (!e.handlers.empty()) clauses(e.handlers, in_handlers);
    add_since(vars, in_handlers, before);
    make_unsafe(vars, before);
    expressions(e.cleanup, vars);
    make_unsafe(vars, before);
  }

  // catch and maybe: what they bind may not have been bound.
  void guarded_body(const Expression& e, Variables& vars) {
    const Variables before = vars;
    expressions(e.parts, vars);
    make_unsafe(vars, before);
    Variables in_else = vars;
    if (!e.clauses.empty()) clauses(e.clauses, in_else);
    add_since(vars, in_else, before);
    make_unsafe(vars, before);
  }

  void comprehension(const Expression& e, const Variables& vars) {
    Variables own = vars;
    for (const Qualifier& qualifier : e.qualifiers) {
      Variables in_source = own;
      expression(*qualifier.source, in_source);
      if (qualifier.kind == GeneratorKind::Filter) {
        own = in_source;
        continue;
      }
      if (qualifier.kind == GeneratorKind::Binary) check_sized(*qualifier.pattern, true);
      Expressions patterns = {qualifier.pattern};
      if (qualifier.value_pattern) patterns.push_back(qualifier.value_pattern);
      hiding_patterns(patterns, own);
    }
    for (const ExpressionPtr& element : e.parts)
      expression(*element, own);
  }

  // A binary without a size takes all: it must be the last one, and not in a generator.
  static void check_sized(const Expression& e, bool generator) {
    for (size_t i = 0; i < e.segments.size(); ++i) {
      const Segment& segment = e.segments[i];
      if (segment.type != SegmentKind::Binary || segment.size) continue;
      if (generator || i + 1 < e.segments.size()) refuse(e, "an unsized binary in a pattern");
    }
  }

  // `known` are the variables that sizes and keys may use; new ones are added to `vars`, where
  // those known already stand for their values.
  void pattern(const Expression& e, const Variables& known, Variables& vars) {
    check_stack("deeply nested patterns");
    switch (e.kind) {
      case ExpressionKind::Literal:
        return;
      case ExpressionKind::Variable:
        if (e.name->text() == "_") return;
        if (!vars.add_new(*e.name, Standing::Bound)) use(e, vars);
        return;
      case ExpressionKind::Match:
      case ExpressionKind::Cons:
      case ExpressionKind::Tuple:
        for (const ExpressionPtr& part : e.parts)
          pattern(*part, known, vars);
        return;
      case ExpressionKind::Map:
        for (const MapField& field : e.fields) {
          if (!field.exact || !is_guard_expression(*field.key, otp_release_)) {
            refuse(e, "an illegal map pattern");
          }
          binding_nothing(*field.key, known);
          pattern(*field.value, known, vars);
        }
        return;
      case ExpressionKind::Bits:
        return bits_pattern(e, known, vars);
      case ExpressionKind::Operator:
        if (e.name->text() == "++" && e.parts.size() == 2 && is_constant_text(*e.parts[0])) {
          return pattern(*e.parts[1], known, vars);
        }
        if (is_constant_operand(e)) return;
        [[fallthrough]];
      default:
        refuse(e, "an illegal pattern");
    }
  }

  void bits_pattern(const Expression& e, const Variables& known, Variables& vars) {
    check_sized(e, false);
    Variables in_sizes = known;
    for (const Segment& segment : e.segments) {
      if (segment.size) {
        if (!is_guard_expression(*segment.size, otp_release_)) refuse(e, "an illegal bit size");
        binding_nothing(*segment.size, in_sizes);
      }
      const Expression& value = *segment.value;
      const bool is_literal =
          value.is(ExpressionKind::Literal) && (value.is_string || !value.value.is_nil());
      const bool simple =
          is_literal || value.is(ExpressionKind::Variable) || is_constant_operand(value);
      if (!simple) refuse(e, "an illegal bit pattern");
      pattern(value, known, vars);
      if (value.is(ExpressionKind::Variable)) in_sizes.add(*value.name, Standing::Bound);
    }
  }

  int otp_release_;
  std::optional<UnboundVariable> unbound_;
};

}  // namespace

std::optional<UnboundVariable> lint_form(const ScriptForm& form, VariableNames& bound,
                                         int otp_release) {
  Variables vars = bound;
  Lint lint(otp_release);
  lint.expressions(form.body, vars);
  const Variables before = bound;
  vars.each_since(before, [&](Atom name, Standing) {
    if (*vars.find(name) == Standing::Bound) bound.add_new(name, Standing::Bound);
  });
  return lint.unbound();
}

}  // namespace relmk::eval
