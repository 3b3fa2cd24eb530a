// What a release has beside its applications: ERTS, sys.config and vm.args, the release resource
// file and the boot files, RELEASES and start_erl.data (rlx_assemble, rlx_release).
#pragma once

#include <string>
#include <vector>

#include "otp/application/installation.h"
#include "otp/boot/boot_script.h"
#include "otp/release/release_applications.h"
#include "plan/plan.h"
#include "relx/config/config.h"
#include "relx/resolve/resolve.h"

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

// releases/VSN/NAME.rel, start.boot and start.script, start_clean.boot, no_dot_erlang.boot (in bin/
// too), TYPE.boot of each node type; RELEASES and start_erl.data. `boot` is the template of `otp`.
// `first_directory` stands in front of every code path in them, where it is not empty.
void plan_boot_files(plan::Plan& plan, const RelxConfig& config,
                     const otp::ReleaseApplications& applications, const otp::Installation& otp,
                     const otp::BootTemplate& boot, const std::string& first_directory);

}  // namespace relmk::relx
