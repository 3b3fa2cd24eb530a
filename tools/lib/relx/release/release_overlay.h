// The overlay of a release whose other files are planned: the last thing that relx does to one.
#pragma once

#include <string>
#include <vector>

#include "otp/application/installation.h"
#include "plan/plan.h"
#include "relx/config/config.h"
#include "relx/resolve/resolve.h"
#include "sys/files.h"

namespace relmk::relx {

// Plans what config.overlay says, rendered with the release's variables and the user's. `directory`
// is where the plan is to be made. Returns the paths of files and whole directories that it
// planned. Throws Error.
std::vector<std::string> plan_overlay(plan::Plan& plan, const RelxConfig& config,
                                      const ResolvedRelease& release, const fs::path& directory,
                                      const otp::Installation& otp);

}  // namespace relmk::relx
