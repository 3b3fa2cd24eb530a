// An application's directory in a release: lib/NAME-VSN (rlx_assemble:copy_app).
#pragma once

#include <string>

#include "otp/application/application_resource.h"
#include "plan/plan.h"
#include "relx/config/config.h"
#include "relx/resolve/resolve.h"

namespace relmk::relx {

// "lib/NAME-VSN"
std::string application_path(const otp::ApplicationResource& resource);

// Whether the release holds the application itself: {system_libs, false} leaves OTP's own out.
bool is_in_release(const RelxConfig& config, const ResolvedApplication& application);

// The resource without the applications and modules that the configuration excludes; `directory`
// and `ebin` are where it will stand, below `release_dir` where the release holds it.
otp::ApplicationResource narrowed_resource(const RelxConfig& config,
                                           const ResolvedApplication& application,
                                           const fs::path& release_dir);

// Plans the application's files: links in dev mode, else copies of ebin, priv and include (and of
// the sources), beams stripped where the configuration says so. A .app from which something is
// excluded is written anew; in dev mode too, where relx would change the one in the project.
void plan_application(plan::Plan& plan, const RelxConfig& config,
                      const ResolvedApplication& application,
                      const otp::ApplicationResource& narrowed);

}  // namespace relmk::relx
