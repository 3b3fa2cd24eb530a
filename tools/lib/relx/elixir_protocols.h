// Elixir's consolidated protocols: beams that Mix makes beside the applications, to be found before
// the applications' own (Mix.Release).
#pragma once

#include <string>

#include "relx/config.h"
#include "relx/plan.h"
#include "relx/resolve.h"
#include "term/term.h"

namespace relmk {

// Plans releases/VSN/consolidated from APP/consolidated of each application, and from
// `consolidated` beside the directory of applications, where an umbrella project has it. Returns
// its path in a boot script, `$ROOT/releases/VSN/consolidated`; empty when there are none.
std::string plan_consolidated_protocols(Plan& plan, const RelxConfig& config,
                                        const ResolvedRelease& resolved);

// The boot script with `directory` in front of every code path in it.
Term with_first_directory(const Term& script, const std::string& directory);

}  // namespace relmk
