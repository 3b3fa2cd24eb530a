// The `release` term of relx's configuration, in all its forms, and the applications it names
// (rlx_config:load, rlx_release:parse_goals).
#pragma once

#include <string>

#include "relx/config/configured_releases.h"
#include "term/term.h"

namespace relmk::relx {

// The release of one term {release, …}; `known` holds those before it, which it may extend.
// Throws Error with a position in `file`.
ConfiguredRelease configured_release(const Term& term, const ConfiguredReleases& known,
                                     const std::string& file);

}  // namespace relmk::relx
