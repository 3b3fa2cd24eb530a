// Where the code server of a VM that runs a script finds modules.
#pragma once

#include <optional>
#include <string>

#include "eval/evaluate/evaluator.h"

namespace relmk::eval {

// The module's file in one of OTP's applications; nullopt where there is none in the whole code
// path. Leaves to the VM what is not certain: modules of the VM itself and of the current
// directory, and whatever follows a change of the code path.
std::optional<std::string> find_module(const Evaluator& evaluator, const Term& module);

}  // namespace relmk::eval
