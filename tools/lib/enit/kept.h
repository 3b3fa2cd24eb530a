// The applications that a node runs, kept as they were when it was started: a package manager
// removes the files of an old version, but a node may load modules later, and may be downgraded.
#pragma once

#include "enit/applied.h"
#include "enit/state.h"
#include "otp/application/application_resource.h"

namespace relmk::enit {

// Puts hard links to an application's files (all but its sources and documents) below
// STATE/lib/NAME-VSN, or copies where no links can be made; what is there and still the same is
// left alone. Links within it point to what they pointed to. Returns the application as it stands
// there. Throws Error.
otp::ApplicationResource keep(const otp::ApplicationResource& application, const State& state);

// Whether a directory holds the .app and the modules of the application as they are installed.
bool is_kept(const otp::ApplicationResource& application, const fs::path& directory);

// What a release's node was started from or updated to last, and what it ran before that.
struct Generations {
  std::vector<Applied::Application> current;
  std::vector<Applied::Application> previous;
};

// Nothing, where nothing is noted.
Generations read_generations(const State& state);

// Notes what runs now, and removes what is kept of applications that neither it nor what ran before
// has. Throws Error.
void note_generation(const State& state, const std::vector<Applied::Application>& current);

}  // namespace relmk::enit
