// A script evaluated by `erl`, in one subprocess without a shell.
#pragma once

#include "eval/evaluate/evaluator.h"
#include "eval/evaluate/script.h"
#include "sys/subprocess.h"

namespace relmk::eval {

// As evaluate_script, by file:script/2 itself, or, where there are calls that were performed
// already, by an evaluation that takes their results instead of making them again. Terms go both
// ways in the external term format, through files in a private temporary directory; what the script
// prints arrives at its end.
Term hand_over_to_erl(const fs::path& file, const ScriptBindings& bindings,
                      const ScriptOptions& options, const PerformedCalls& performed);

// That `what` has taken the time that the options give it.
Error too_slow(const std::string& what, const ScriptOptions& options);

// That `what` has taken more memory than the options give it.
Error too_large(const std::string& what, const ScriptOptions& options);

// Runs a command within what the options give it. Throws what too_slow() and too_large() say of
// command.name, and TooMuchOutput.
sys::Finished run_within_limits(sys::Command command, const ScriptOptions& options);

// Gives text that a script printed to whom the options name.
void print_output(const ScriptOptions& options, std::string_view text);

}  // namespace relmk::eval
