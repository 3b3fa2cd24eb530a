// The evaluator's calls: of funs, of the library, and of what has to be left to a VM.
#include <fmt/core.h>

#include <set>
#include <string_view>

#include "eval/evaluate/evaluator.h"
#include "eval/evaluate/fun.h"
#include "eval/evaluate/operators.h"
#include "eval/library/library.h"

namespace relmk::eval {
namespace {

std::string mfa(Atom module, Atom name, size_t arity) {
  return fmt::format("{}:{}/{}", module.text(), name.text(), arity);
}

[[noreturn]] void fail_in_call(Position at, Term reason) {
  static const Atom error("error");
  throw Raised(error, std::move(reason), Term(), at);
}

// Whether a call of os, file or filelib leaves its traces outside this process.
bool is_changing(std::string_view name) {
  static const std::set<std::string_view> names = {
      "cmd",         "copy",     "del_dir",      "delete", "ensure_dir",
      "ensure_path", "make_dir", "make_symlink", "rename", "write_file",
  };
  return names.contains(name);
}

// Of a call that erl makes again all the same: in an environment and directory as they were before.
bool is_of_process(std::string_view name) {
  return name == "putenv" || name == "unsetenv" || name == "set_cwd" || name == "script";
}

}  // namespace

Term Evaluator::call(const Expression& e, Bindings& scope, Tail tail) {
  const Expression& function = *e.parts[0];
  if (function.is(ExpressionKind::Remote)) return call_remote(e, scope, tail);
  if (function.is_atom()) return call_local(e, scope, tail);
  const Term fun = evaluate(function, scope);
  Terms arguments = parallel(e.parts, 1, scope);
  return call_value(fun, std::move(arguments), e.at, tail);
}

Term Evaluator::call_remote(const Expression& e, Bindings& scope, Tail tail) {
  const Terms named = parallel(e.parts[0]->parts, 0, scope);
  Terms arguments = parallel(e.parts, 1, scope);
  if (!named[0].is_atom() || !named[1].is_atom()) {
    throw UnknownToEvaluator("a call of something that is no atom", e.at);
  }
  return call_named(named[0].as_atom(), named[1].as_atom(), std::move(arguments), e.at, tail);
}

Term Evaluator::call_local(const Expression& e, Bindings& scope, Tail tail) {
  static const Atom erlang("erlang");
  const Atom name = e.parts[0]->value.as_atom();
  const size_t arity = e.parts.size() - 1;
  const bool apply = name.text() == "apply" && (arity == 2 || arity == 3);
  if (!apply && find_auto_imported(name.text(), arity, otp_release_) == nullptr) {
    throw UnknownToEvaluator(fmt::format("{}/{}", name.text(), arity), e.at);
  }
  Terms arguments = parallel(e.parts, 1, scope);
  return call_named(erlang, name, std::move(arguments), e.at, tail);
}

Term Evaluator::call_named(Atom module, Atom name, Terms arguments, Position at, Tail tail) {
  const size_t arity = arguments.size();
  if (module.text() == "erlang") {
    if (name.text() == "apply" && (arity == 2 || arity == 3)) {
      if (!arguments.back().is_proper_list()) fail_in_call(at, Term::atom("badarg"));
      const Terms passed = arguments.back().elements();
      if (arity == 2) return call_value(arguments[0], passed, at, tail);
      if (!arguments[0].is_atom() || !arguments[1].is_atom())
        fail_in_call(at, Term::atom("badarg"));
      return call_named(arguments[0].as_atom(), arguments[1].as_atom(), passed, at, tail);
    }
  }
  const bool is_symbol = module.text() == "erlang" && is_operator(name.text(), arity);
  const LibraryFunction* function =
      is_symbol ? nullptr : find_library_function(module.text(), name.text(), arity, otp_release_);
  if (!is_symbol && function == nullptr) throw UnknownToEvaluator(mfa(module, name, arity), at);
  try {
    if (is_symbol) return apply_operator(name.text(), arguments);
    Term result = function->call(*this, arguments);
    note(module, name, std::move(arguments), result);
    return result;
  } catch (Raised& raised) {
    raised.set_position(at);
    raised.set_origin(module, name, arity);
    throw;
  }
}

void Evaluator::note(Atom module, Atom name, Terms arguments, const Term& result) {
  static const Atom os("os"), file("file"), filelib("filelib");
  if (module != os && module != file && module != filelib) return;
  if (is_of_process(name.text())) return;
  has_changed_ = has_changed_ || is_changing(name.text());
  performed_.push_back({module, name, std::move(arguments), result});
}

Term Evaluator::call_value(const Term& fun, Terms arguments, Position at, Tail tail) {
  if (const term::ExternalFun* external = as_external_fun(fun)) {
    if (external->arity == static_cast<int64_t>(arguments.size())) {
      return call_named(external->module, external->function, std::move(arguments), at, tail);
    }
  } else if (const EvaluatedFun* evaluated = as_evaluated_fun(fun)) {
    if (evaluated->arity() == arguments.size()) {
      if (tail == Tail::No) return run_fun(fun, std::move(arguments));
      tail_call_ = TailCall{fun, std::move(arguments)};
      return {};
    }
  } else {
    fail_in_call(at, Term::tuple({Term::atom("badfun"), fun}));
  }
  fail_in_call(at, Term::tuple({Term::atom("badarity"),
                                Term::tuple({fun, Term::list(std::move(arguments))})}));
}

// A call in tail position comes back here, so that a loop of such calls takes no stack.
Term Evaluator::run_fun(Term fun, Terms arguments) {
  while (true) {
    const EvaluatedFun* evaluated = as_evaluated_fun(fun);
    const Expression& e = evaluated->expression();
    Bindings seen = evaluated->bindings();
    if (e.name) seen.add(*e.name, fun);
    Bindings scope;
    const Clause* clause = select(e.clauses, arguments, seen, true, scope);
    if (clause == nullptr) {
      const Term frame =
          Term::tuple({Term::atom("erl_eval"), Term::atom("-inside-an-interpreted-fun-"),
                       Term::list(arguments), Term()});
      throw Raised(Atom("error"), Term::atom("function_clause"), Term::list({frame}), e.at);
    }
    Term value = body(clause->body, scope, Tail::Yes);
    if (!tail_call_) return value;
    fun = std::move(tail_call_->fun);
    arguments = std::move(tail_call_->arguments);
    tail_call_.reset();
  }
}

Term Evaluator::apply(const Term& fun, Terms arguments) {
  return call_value(fun, std::move(arguments), {}, Tail::No);
}

Term Evaluator::apply(const Term& module, const Term& name, Terms arguments) {
  return call_named(module.as_atom(), name.as_atom(), std::move(arguments), {}, Tail::No);
}

}  // namespace relmk::eval
