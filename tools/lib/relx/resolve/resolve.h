// Which applications a release is made of: the goals and all they depend on (rlx_resolve,
// rlx_release:realize).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "otp/application/application_resource.h"
#include "otp/application/installation.h"
#include "otp/release/release_resource.h"
#include "relx/config/config.h"
#include "sys/files.h"

namespace relmk::relx {

struct ResolvedApplication {
  otp::ApplicationResource resource;  // as found; exclude_apps and exclude_modules not yet applied
  bool is_system = false;             // stands in the installation's own lib
  bool is_project = false;            // one that the user works on, as opposed to a dependency
};

struct ResolvedRelease {
  otp::ReleaseResource release;                   // with versions and start types
  std::vector<ResolvedApplication> applications;  // applications[i] is release.applications[i]'s
};

// Where applications are looked for, in this order.
struct ApplicationSources {
  std::vector<fs::path> build_dirs;  // of the project's build tool: _build/PROFILE/lib
  std::string compile_command;       // by which that puts applications there, for hints
  // Where no build tool says which are the project's own: those below this directory, save what
  // lies in a directory named deps or one that begins with an underscore. Empty: none.
  fs::path project_root;
  std::vector<std::string> project_apps;  // those below build_dirs that are the project's own
  std::vector<fs::path> lib_dirs;         // directories of application directories
  const otp::Installation* otp = nullptr;
};

// Resolves `release` with the terms of `config` (already the release's own). A dependency stands
// before what needs it, and applications in the order in which they were asked for. Throws Error in
// relx's words: which application was not found, needed by whom, and where it was looked for. Warns
// where two versions of one application were found and one had to be taken.
ResolvedRelease resolve_release(const RelxConfig& config, const ConfiguredRelease& release,
                                const ApplicationSources& sources);

}  // namespace relmk::relx
