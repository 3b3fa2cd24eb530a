// The release resource file and the boot files of a release (rlx_assemble), which are computed only
// where something that they are computed of has changed: an assembly that changes nothing would
// spend a good part of its time on them.
#pragma once

#include <string>
#include <vector>

#include "otp/application/installation.h"
#include "otp/boot/boot_script.h"
#include "otp/release/release_applications.h"
#include "plan/plan.h"

namespace relmk::relx {

struct BootFilesRequest {
  otp::ReleaseApplications applications;
  otp::BootTemplate boot;  // of the installation that the release is made from
  fs::path system_lib;     // its lib: the boot variable SYSTEM_LIB_DIR
  // In front of every code path in them, where it is not empty.
  std::string first_directory;
  std::vector<Atom> node_types;  // each with a boot file of its own
  Position node_types_at;        // where applications.release_file names them
};

// Plans releases/VSN/NAME.rel, start.boot and start.script, start_clean.boot, no_dot_erlang.boot
// (in bin/ too), TYPE.boot of each node type. Throws Error for a node type that is no application
// of the release.
void plan_boot_files(plan::Plan& plan, BootFilesRequest request);

}  // namespace relmk::relx
