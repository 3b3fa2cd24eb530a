// Elixir's consolidated protocols: beams that Mix makes beside the applications, to be found before
// the applications' own (Mix.Release).
#pragma once

#include <string>

#include "plan/plan.h"
#include "relx/config/config.h"
#include "relx/resolve/resolve.h"
#include "term/term.h"

namespace relmk::relx {

// Plans releases/VSN/consolidated from APP/consolidated of each application, and from
// `consolidated` beside the directory of applications, where an umbrella project has it. Returns
// its path in a boot script, `$ROOT/releases/VSN/consolidated`; empty when there are none.
std::string plan_consolidated_protocols(plan::Plan& plan, const RelxConfig& config,
                                        const ResolvedRelease& resolved);

// The boot script with `directory` in front of every code path in it.
Term with_first_directory(const Term& script, const std::string& directory);

}  // namespace relmk::relx
