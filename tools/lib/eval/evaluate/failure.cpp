#include "eval/evaluate/failure.h"

namespace relmk::eval {

Raised::Raised(Atom exception_class, Term reason, Term stacktrace, Position at)
    : class_(exception_class),
      reason_(std::move(reason)),
      stacktrace_(std::move(stacktrace)),
      at_(at) {}

void Raised::set_origin(Atom module, Atom function, size_t arity) {
  if (!stacktrace_.is_nil()) return;
  stacktrace_ = Term::list({Term::tuple({module, function, static_cast<int64_t>(arity), Term()})});
}

void raise_error(Term reason) {
  static const Atom error("error");
  throw Raised(error, std::move(reason));
}

void raise_error(std::string_view reason_atom) {
  raise_error(Term::atom(reason_atom));
}

void raise_error(std::string_view tag, Term value) {
  raise_error(Term::tuple({Term::atom(tag), std::move(value)}));
}

void raise_badarg() {
  raise_error("badarg");
}

Term stack_of_expression() {
  static const Term stack =
      Term::list({Term::tuple({Term::atom("erl_eval"), Term::atom("expr"), 6, Term()})});
  return stack;
}

void fail_at(Position at, Term reason) {
  static const Atom error("error");
  throw Raised(error, std::move(reason), stack_of_expression(), at);
}

void fail_at(Position at, std::string_view tag, const Term& value) {
  fail_at(at, Term::tuple({Term::atom(tag), value}));
}

}  // namespace relmk::eval
