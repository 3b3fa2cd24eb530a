// Files for operators: a systemd unit, a first release.
#pragma once

#include <string>
#include <vector>

#include "enit/release.h"

namespace relmk::enit {

// How enit itself is run: its own path, and options that every command wants.
struct OwnCommand {
  std::string executable;
  std::vector<std::string> options;
};

// The unit that runs a release by `ENIT startfg RELEASE OPTIONS`. It hides homes and /tmp from the
// node, unless the release, its configuration, its lib_dirs or enit itself lie there.
std::string systemd_unit(const Release& release, const OwnCommand& command);

// Writes RELEASES/NAME/release.enit with these applications and CONFIGURATIONS/NAME/user.config
// with a random cookie, for its owner alone. Returns the two paths. Throws Error where one of the
// two is there already; then nothing was written.
std::vector<fs::path> initialize_release(const Places& places, const std::string& name,
                                         const std::vector<std::string>& applications);

}  // namespace relmk::enit
