// A command of the project that runs between assembly and packing: erlang.mk's relx-post-rel. What
// it changes in the release is packed as it is then; what it adds is noted, to be packed now and by
// later builds, where the command perhaps adds it no more because it is there.
#pragma once

#include <string>
#include <vector>

#include "plan/tar.h"
#include "relx/release/release_plan.h"
#include "sys/environment.h"

namespace relmk::relx {

// Runs the command by sh, where there is one, in the current directory; what it prints is printed
// as it comes. Throws Error when it fails, or takes longer than RELMK_HOOK_TIMEOUT says (seconds;
// an hour unless said, 0: no limit).
void run_hook(const std::string& command, const sys::Environment& environment);

// The same for a release. Notes in DIR/.relmk which files it made, or changed that relmk didn't, in
// bin, releases, lib and where the overlay put something. Throws as run_hook.
void run_release_hook(const PlannedRelease& release, const std::string& command,
                      const sys::Environment& environment);

// `entries`, and those of the noted files that are still there and not among them, sorted by path.
std::vector<plan::TarEntry> with_hook_files(const PlannedRelease& release,
                                            std::vector<plan::TarEntry> entries);

}  // namespace relmk::relx
