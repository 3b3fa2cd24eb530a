// A release as it stands on disk, and which of its versions is meant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::start {

struct ReleasePlace {
  fs::path root;
  std::string name;
  std::string version;
  fs::path version_directory() const { return root / "releases" / version; }
};

// The release whose start script runs us, by RELEASE_ROOT_DIR, RELEASE_NAME and RELEASE_VSN; absent
// where one of them is not set.
std::optional<ReleasePlace> release_of_environment(const sys::Environment& environment);

// The node types of a release, sorted: the names of its boot files, but for those that every
// release has.
std::vector<std::string> node_types(const ReleasePlace& release);

}  // namespace relmk::start
