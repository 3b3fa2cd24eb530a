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

// What is noted, when a node runs `running`: where an application has another version than is
// noted, what is noted ran before. Applications that came or went meanwhile, while the others kept
// their versions, came or went with the configuration: they count as there, or as absent, before.
Generations with_running(Generations noted, const std::vector<Applied::Application>& running);

// Notes that. Removes nothing: another enit may be changing the node just now, to applications that
// it has kept and not noted yet. Throws Error.
void note_running(const State& state, const std::vector<Applied::Application>& running);

// Notes what a node was updated to: what is noted as running, if it is another set of applications
// or versions, ran before. Throws Error.
void note_update(const State& state, const std::vector<Applied::Application>& current);

// Removes what is kept of applications of neither noted generation: where no node runs, or right
// after its update. Throws Error.
void forget_others(const State& state);

}  // namespace relmk::enit
