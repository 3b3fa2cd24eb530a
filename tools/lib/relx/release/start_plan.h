// What of a plan concerns how its nodes start: made and checked last, when all other files are
// planned.
#pragma once

#include <string>

#include "plan/plan.h"
#include "relx/config/config.h"

namespace relmk::relx {

// Plans releases/VSN/prepared_start (relx/start_script/prepared_start.h) of the vm.args and
// sys.config that are planned, where there is a start script. It has the mode of vm.args, which may
// hold a cookie. Throws Error.
void plan_prepared_start(plan::Plan& plan, const RelxConfig& config, const std::string& version);

// The configurations that sys.config names: throws Error for one from which no node could boot, and
// warns of one that is not planned, in the directory of sys.config or the root, nor in
// `release_dir` already. Of those with an absolute path none is looked at: they are the target's.
void check_included_configs(const plan::Plan& plan, const RelxConfig& config,
                            const std::string& version, const fs::path& release_dir);

}  // namespace relmk::relx
