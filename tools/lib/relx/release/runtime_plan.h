// What a release has beside its applications and boot files: ERTS, sys.config and vm.args, RELEASES
// and start_erl.data (rlx_assemble, rlx_release).
#pragma once

#include <string>

#include "otp/application/installation.h"
#include "otp/release/release_resource.h"
#include "plan/plan.h"
#include "relx/config/config.h"

namespace relmk::relx {

// erts-VSN/bin, where the configuration includes ERTS; `erl` there is the one that finds its own
// root. Throws Error when the version is not in the directory that the configuration names.
void plan_erts(plan::Plan& plan, const RelxConfig& config, const std::string& erts_version,
               const otp::Installation& otp);

// What stands in for sys.config and vm.args where the user has none.
struct DefaultTexts {
  std::string sys_config;
  std::string vm_args;
};

// releases/VSN/sys.config(.src) and vm.args(.src): those that the configuration names, else those
// in config/, else the defaults, which never replace what is in `release_dir` already. Links in dev
// mode. Throws Error when a named file does not exist.
void plan_config_files(plan::Plan& plan, const RelxConfig& config,
                       const std::string& release_version, const fs::path& release_dir,
                       const DefaultTexts& defaults);

// releases/RELEASES and releases/start_erl.data.
void plan_release_records(plan::Plan& plan, const RelxConfig& config,
                          const otp::ReleaseResource& release);

}  // namespace relmk::relx
