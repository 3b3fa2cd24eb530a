// What erl_lint finds in an expression before erl_eval evaluates any of it.
#pragma once

#include <optional>

#include "eval/syntax/scope.h"
#include "eval/syntax/syntax.h"

namespace relmk::eval {

// Of a variable that some way through the code binds: whether all of them do.
enum class Standing { Bound, Unsafe };
using VariableNames = Scope<Standing>;

struct UnboundVariable {
  Atom name;
  Position at;
};

// The first variable that is used where nothing binds it, where there is one. Adds the variables
// that the form binds to `bound`, which holds none that is unsafe. Throws UnknownToEvaluator for a
// call of a function that the library of that release lacks, and for what erl_lint refuses in any
// other way: an unsafe variable, an illegal pattern or guard, a record.
std::optional<UnboundVariable> lint_form(const ScriptForm& form, VariableNames& bound,
                                         int otp_release);

}  // namespace relmk::eval
