// All of a release as a plan: what relx's rlx_assemble and rlx_overlay would do, said before it is
// done.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "otp/application/installation.h"
#include "plan/plan.h"
#include "relx/config/config.h"
#include "relx/config/config_source.h"
#include "relx/resolve/resolve.h"
#include "sys/files.h"

namespace relmk::relx {

// What the command line says beside the configuration file.
struct ReleaseRequest {
  ConfigRequest config;
  std::optional<std::string> name;
  std::optional<std::string> version;
  std::vector<fs::path> lib_dirs;  // searched before those of the configuration
  std::optional<Term> mode;        // in place of the configuration's `mode` and `dev_mode`
  std::string hook;                // a shell command, see release_hook.h; empty: none
  std::vector<Atom> node_types;    // beside those of the configuration
  Terms terms;               // applied over those of the file and of the release: {mode, prod}, …
  fs::path tools_dir;        // where relmk's own nodetool lies
  unsigned lock_wait = 600;  // seconds, for another assembly in the same directory
  std::vector<fs::path> config_copies;  // see write_config_copies()
};

struct PlannedRelease {
  Terms terms;        // the configuration's, with what its script says and versions resolved
  RelxConfig config;  // with the release's own terms
  ResolvedRelease resolved;
  // Of each resolved application, as the release has it: without what is excluded, where it will
  // be.
  std::vector<otp::ApplicationResource> narrowed;
  fs::path directory;  // DIR/NAME, where the plan is to be made
  plan::Plan plan;
  std::vector<Atom> preloaded;             // modules that are part of the VM
  fs::path erts_ebin;                      // where they lie as files; perhaps nowhere
  std::vector<std::string> overlay_paths;  // files and whole directories that the overlay planned
};

// Reads the configuration, resolves the applications and plans every file. Writes nothing. Throws
// Error.
PlannedRelease plan_release(const ReleaseRequest& request);

// Writes what the configuration comes to into each of request.config_copies, as a configuration
// that says what it was generated from, as sys::write_output() does; one that is hand-written stays
// as it is. Throws Error.
void write_config_copies(const PlannedRelease& release, const ReleaseRequest& request);

// Where the executable of this process lies; relmk's tools lie together.
fs::path own_tools_dir();

}  // namespace relmk::relx
