// `enit check`: all that is wrong with a release, without starting anything.
#pragma once

#include "enit/release.h"
#include "sys/environment.h"

namespace relmk::enit {

// Faults of its files, its applications, and of what the host lacks (a user, say).
Faults check(const ReleasePlace& place, const Environment& environment);

}  // namespace relmk::enit
