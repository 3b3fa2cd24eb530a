// The instructions of an upgrade around its point of no return, and what systools demands of them
// as a whole (sasl's systools_rc).
#pragma once

#include <vector>

#include "otp/upgrade/instruction_syntax.h"

namespace relmk::otp {

using Instructions = std::vector<Instruction>;

struct ScriptParts {
  Instructions before;  // load_object_code and apply alone
  Instructions after;
};

// systools_rc:split_script/1. All load_object_code goes before the point of no return; a script
// without that word is all after it. Throws Error, in systools' words, where it stands twice, or
// after an instruction that must not come before it.
ScriptParts split(const Instructions& script);

// Each module that is loaded has been read before. Throws Error in systools' words.
void check_load(const ScriptParts& parts);

// What is suspended is resumed, what is stopped is started, and the other way round. Throws Error
// in systools' words.
void check_pairs(const Instructions& after);

}  // namespace relmk::otp
