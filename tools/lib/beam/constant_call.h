// What a function of a compiled module returns, where that can be told without running it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "beam/module_code.h"
#include "term/term.h"

namespace relmk::beam {

// An argument or a value; nullopt: it is not known.
using KnownTerm = std::optional<Term>;

// The result of a function that builds it from literals and the arguments that are known, with
// calls to such functions of the same module. nullopt where it does anything else: branches on what
// is not known, calls another module, receives, …
KnownTerm constant_result(const ModuleCode& code, std::string_view name,
                          const std::vector<KnownTerm>& arguments);

// The arguments of each call to an external function M:F/A, as far as they are known where it is
// called: put into registers right before it.
std::vector<std::vector<KnownTerm>> arguments_of_calls(const ModuleCode& code,
                                                       std::string_view module,
                                                       std::string_view name, unsigned arity);

}  // namespace relmk::beam
