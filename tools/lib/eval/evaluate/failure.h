// What ends an evaluation other than with a value.
#pragma once

#include <exception>
#include <string>

#include "sys/error.h"
#include "term/term.h"

namespace relmk::eval {

// An Erlang exception on its way: class (error, exit, throw), reason and stack. `at` is the
// expression that raised it, as far as that is known.
class Raised : public std::exception {
 public:
  Raised(Atom exception_class, Term reason, Term stacktrace = {}, Position at = {});
  const Atom& exception_class() const { return class_; }
  const Term& reason() const { return reason_; }
  const Term& stacktrace() const { return stacktrace_; }
  Position position() const { return at_; }
  void set_position(Position at) {
    if (!at_) at_ = at;
  }
  // [{Module, Function, Arity, []}] where there is no stack yet.
  void set_origin(Atom module, Atom function, size_t arity);
  const char* what() const noexcept override { return "an Erlang exception"; }

 private:
  Atom class_;
  Term reason_;
  Term stacktrace_;
  Position at_;
};

[[noreturn]] void raise_error(Term reason);
[[noreturn]] void raise_error(std::string_view reason_atom);
// {Tag, Value}
[[noreturn]] void raise_error(std::string_view tag, Term value);
[[noreturn]] void raise_badarg();

// The same by an expression itself, as erl_eval:expr/6 raises it.
[[noreturn]] void fail_at(Position at, Term reason);
[[noreturn]] void fail_at(Position at, std::string_view tag, const Term& value);
// [{erl_eval, expr, 6, []}]
Term stack_of_expression();

// Something that only a real VM can do or tell: the script must be handed to it.
class UnknownToEvaluator : public std::exception {
 public:
  explicit UnknownToEvaluator(std::string name, Position at = {})
      : name_(std::move(name)), at_(at) {}
  const std::string& name() const { return name_; }
  Position position() const { return at_; }
  const char* what() const noexcept override { return name_.c_str(); }

 private:
  std::string name_;
  Position at_;
};

// The script called halt/0,1,2.
class Halted : public std::exception {
 public:
  explicit Halted(int code) : code_(code) {}
  int code() const { return code_; }
  const char* what() const noexcept override { return "halt"; }

 private:
  int code_;
};

}  // namespace relmk::eval
