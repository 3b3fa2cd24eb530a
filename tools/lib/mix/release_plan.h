// All of a release as `mix release` assembles it, as a plan (Mix.Release, Mix.Tasks.Release).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "mix/answer.h"
#include "plan/plan.h"
#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::mix {

// What the command line says.
struct Request {
  fs::path file;  // mix.exs
  std::optional<std::string> name;
  std::optional<std::string> version;
  fs::path output_dir;  // DIR; empty: the release's own path
  fs::path tools_dir;   // where relmk's nodetool lies
  sys::Environment environment;
  std::string hook;  // a shell command, run when the release is assembled; empty: none
  std::chrono::seconds elixir_wait{600};  // for Elixir's answer
  std::chrono::seconds lock_wait{600};    // for another assembly in the same directory
};

struct PlannedRelease {
  Answer release;
  fs::path directory;  // where the plan is to be made
  plan::Plan plan;
};

// Whether `file` is a Mix project's: its name ends in .exs.
bool is_mix_project(const fs::path& file);

// Asks Elixir, unless the answer of last time still holds, and plans every file. Writes nothing in
// the release. What Elixir finds wrong is told with its place, relative to the current directory.
// Throws Error.
PlannedRelease plan_release(const Request& request);

// What the plan is made of: Elixir's answer, of last time or new. Throws Error.
Answer read_release(const Request& request);

// The project's releases, the default one first; it need not be compiled. Throws Error.
std::vector<ReleaseList::Release> list_releases(const Request& request);

// DIR/NAME-VSN.tar.gz, where mix has it; `output_dir` was given: in the release's directory.
fs::path tar_path(const PlannedRelease& release);

}  // namespace relmk::mix
