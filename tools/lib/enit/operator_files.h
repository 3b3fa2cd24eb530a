// Files for operators: a systemd unit, a first release.
#pragma once

#include <string>
#include <vector>

#include "enit/release.h"

namespace relmk::enit {

// The unit that runs a release by `ENIT startfg RELEASE`; `executable` is enit's own path.
std::string systemd_unit(const Release& release, const std::string& executable);

// Writes RELEASES/NAME/release.enit with these applications and CONFIGURATIONS/NAME/user.config
// with a random cookie, for its owner alone. Returns the two paths. Throws Error where one of the
// two is there already; then nothing was written.
std::vector<fs::path> initialize_release(const Places& places, const std::string& name,
                                         const std::vector<std::string>& applications);

}  // namespace relmk::enit
