// Release versions as relx's configuration gives them: a string, or a form that asks git, a file or
// a command (rlx_config's parse_vsn).
#pragma once

#include <string>

#include "sys/environment.h"
#include "sys/files.h"
#include "sys/memory_limit.h"
#include "sys/time_limit.h"
#include "term/term.h"

namespace relmk::relx {

struct ScriptLimits {
  sys::TimeLimit time;
  sys::MemoryLimit memory = {};
};

// What a script, and a command that a script or a version runs, may take: RELMK_SCRIPT_TIMEOUT
// seconds, 300 unless said, and RELMK_SCRIPT_MEMORY MiB, 1024 unless said. Throws Error for what is
// no such number.
ScriptLimits script_limits(const sys::Environment& environment);

// The version that `form` stands for: "1.0", git, semver, {semver, _}, {git, short | long},
// {file, Path}, {cmd, Command}. git runs and paths are taken in `directory`; git, or the command,
// has the time and the memory that `limits` say. A form that cannot be carried out (no tag, no such
// file, a command that fails) gives "0.0.0" as in relx, and a warning. Throws Error, with form's
// own position in `file` (`around` where an atom has none), for what is no version, and for a
// command that takes more.
std::string resolve_version(const Term& form, const fs::path& directory, const std::string& file,
                            const ScriptLimits& limits, Position around = {});

// The terms of a configuration with every version form in its `release` terms resolved to a string.
Terms resolve_release_versions(const Terms& terms, const fs::path& directory,
                               const std::string& file, const ScriptLimits& limits);

// Versions in the order in which relx picks the highest: negative, 0 or positive. What is not of
// the form MAJOR[.MINOR[.PATCH]][-PRE][+BUILD] counts as 0.0.0, and +BUILD not at all.
int compare_versions(const std::string& a, const std::string& b);
// Whether it is of that form.
bool is_ordered_version(const std::string& version);

}  // namespace relmk::relx
