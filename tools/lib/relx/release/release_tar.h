// What the tarball of a release holds (rlx_tar, systools:make_tar).
#pragma once

#include <vector>

#include "plan/tar.h"
#include "relx/release/release_plan.h"

namespace relmk::relx {

// The files of a release that is assembled in release.directory: of each application its .app, the
// modules that this names, and priv (include and src too where include_src asks for them); erts/bin
// without the tools that only compile; bin; what is in releases/ for this version, and relup where
// there is one; what the overlay put there. Links are followed, as relx does: a release in dev mode
// becomes one that stands by itself. Throws Error for a file that is missing.
std::vector<plan::TarEntry> release_tar_entries(const PlannedRelease& release);

// DIR/NAME/NAME-VSN.tar.gz
fs::path release_tar_path(const PlannedRelease& release);

}  // namespace relmk::relx
