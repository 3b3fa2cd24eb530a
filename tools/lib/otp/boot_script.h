// Boot scripts (sasl's script(4)), as systools:make_script makes them.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "otp/application_resource.h"
#include "otp/installation.h"
#include "otp/release_resource.h"
#include "sys/file.h"
#include "term/term.h"

namespace relmk {

// The applications of a release, in the .rel's order, each with its .app as read and as the .rel
// narrows it.
struct ReleaseApplications {
  ReleaseResource release;
  std::vector<ApplicationResource> resources;  // resources[i] is of release.applications[i]
};

struct BootScriptOptions {
  // {path, [Dir]}: boot variables, as {"SYSTEM_LIB_DIR", "/usr/lib/erlang/lib"}.
  std::vector<std::pair<std::string, std::string>> variables;
  bool local = false;          // paths as found, instead of $ROOT/lib/APP-VSN/ebin
  bool no_dot_erlang = false;  // the boot script of no_dot_erlang.boot: does not load ~/.erlang
};

// Finds each application of the release in `code_path` (directories of .app files), then does all
// of systools' checks: versions, duplicated modules and registered names, undefined and circular
// applications, included applications, start types. Throws Error in systools' words.
ReleaseApplications load_release_applications(const ReleaseResource& release,
                                              const std::string& release_file,
                                              const std::vector<fs::path>& code_path);

// {script, {Name, Vsn}, Instructions}. What differs between OTP versions (preloaded and mandatory
// modules, kernel processes) is read off the installation's start_clean.boot.
Term boot_script(const ReleaseApplications& applications, const Installation& otp,
                 const BootScriptOptions& options = {});

// The bytes of NAME.script, less its first comment's date, and of NAME.boot (atoms encoded as the
// installation's own boot files have them).
std::string script_text(const Term& script);
std::string boot_bytes(const Term& script, const Installation& otp);

}  // namespace relmk
