// The applications that a node runs, kept as they were when it was started: a package manager
// removes the files of an old version, but a node may load modules later, and may be downgraded.
#pragma once

#include "enit/state.h"
#include "otp/application/application_resource.h"

namespace relmk::enit {

// Puts hard links to an application's files (all but its sources and documents) below
// STATE/lib/NAME-VSN, or copies where no links can be made; what is there and still the same is
// left alone. Links within it point to what they pointed to. Returns the application as it stands
// there. Throws Error.
otp::ApplicationResource keep(const otp::ApplicationResource& application, const State& state);

// Removes what is kept of applications that are not among these directories.
void forget_others(const State& state, const std::vector<fs::path>& kept);

}  // namespace relmk::enit
