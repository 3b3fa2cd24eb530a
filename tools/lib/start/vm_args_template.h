// A vm.args whose variables are to be replaced.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::start {

// Which variables must be set: all that stand in arguments, or only those that tell which node it
// is and how it is reached.
enum class NeededVariables { All, OfIdentity };

// The text with its variables replaced (start/environment_substitution.h). Throws Error, with the
// variable's name and line, for one without a default that is not set but needed, and for a newline
// in a cookie. A variable in a comment needs no value.
std::string fill_vm_args(const std::string& file, std::string_view text,
                         const sys::Environment& environment, NeededVariables needed);

// The variables without a default that stand in arguments of a vm.args: of FILE.src where that is
// there, else of FILE; none where neither is.
std::set<std::string> variables_of_vm_args(const fs::path& file);

}  // namespace relmk::start
