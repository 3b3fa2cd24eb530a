// What erl_lint finds in an expression before erl_eval evaluates any of it.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "eval/syntax/syntax.h"

namespace relmk::eval {

using VariableNames = std::set<std::string>;

struct UnboundVariable {
  Atom name;
  Position at;
};

// The first variable that is used where nothing binds it, where there is one. Adds the variables
// that the form binds to `bound`. Throws UnknownToEvaluator for a call of a function that the
// library of that release lacks, and for what erl_lint refuses in any other way: an unsafe
// variable, an illegal pattern or guard, a record.
std::optional<UnboundVariable> lint_form(const ScriptForm& form, VariableNames& bound,
                                         int otp_release);

}  // namespace relmk::eval
