// What may stand in a guard.
#pragma once

#include "eval/syntax/syntax.h"

namespace relmk::eval {

// Whether erl_lint takes this for a guard test in that release.
bool is_guard_expression(const Expression& e, int otp_release);

}  // namespace relmk::eval
