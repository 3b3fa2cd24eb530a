// The overlay of a release whose other files are planned: the last thing that relx does to one.
#pragma once

#include <string>
#include <vector>

#include "otp/installation.h"
#include "relx/config.h"
#include "relx/plan.h"
#include "relx/resolve.h"
#include "sys/files.h"

namespace relmk {

// Plans what config.overlay says, rendered with the release's variables and the user's. `directory`
// is where the plan is to be made. Returns the paths of files and whole directories that it
// planned. Throws Error.
std::vector<std::string> plan_overlay(Plan& plan, const RelxConfig& config,
                                      const ResolvedRelease& release, const fs::path& directory,
                                      const Installation& otp);

}  // namespace relmk
