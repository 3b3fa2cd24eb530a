// Where the applications of a release's versions lie.
#pragma once

#include <set>

#include "node/upgrade/upgrade_check.h"

namespace relmk::node {

// What create_RELEASES and set_unpacked are told: [{Application, Version, Directory above}],
// relative to the root for those below it.
Term application_directories(const ReleaseImage& image, const NodeState& state);

// True where a directory of its applications is not there: it was registered for other places.
bool lacks_libraries(const fs::path& root, const KnownRelease& release);

// The directories below the root that the running VM has on its code path, and its ERTS.
std::set<fs::path> directories_in_use(const fs::path& root, const NodeState& state);

}  // namespace relmk::node
