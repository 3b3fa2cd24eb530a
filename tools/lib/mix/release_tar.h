// The tarball of a Mix release (Mix.Tasks.Release, the step :tar).
#pragma once

#include <vector>

#include "mix/release_plan.h"
#include "plan/tar.h"

namespace relmk::mix {

// What mix packs: bin, releases/VSN, ERTS and the applications as they stand, the files in
// releases, and what overlays brought; links are followed. The release is assembled already. Throws
// Error.
std::vector<plan::TarEntry> tar_entries(const PlannedRelease& release);

}  // namespace relmk::mix
