#include "node/upgrade/restart_program.h"

namespace relmk::node {

RestartProgram::RestartProgram(const start::ReleasePlace& release, const std::string& from,
                               const std::string& to, const RenderedConfiguration& configuration) {
  std::error_code error;
  const fs::path program = release.root / "bin" / "start";
  const fs::path script = release.root / "bin" / release.name;
  if (fs::exists(program, error) || !fs::exists(script, error)) return;
  directory_ = release.root / "releases" / ("__new_emulator__" + from);
  sys::make_directories(directory_);
  // The name as it stands in the new version, so that a .src is rendered.
  const fs::path vm_args = release.root / configuration.vm_args;
  if (!configuration.vm_args.empty() && vm_args.parent_path() == release.root / "releases" / to) {
    sys::write_file(directory_ / vm_args.filename(), sys::read_file(vm_args), 0600);
  }
  program_ = program;
  // One argument: DATA. The script's name is passed in a variable, for it may hold any character.
  sys::write_file(program,
                  "#!/bin/sh\n"
                  "# Made for an upgrade that restarts the emulator, and removed after it.\n"
                  "RELMK_START_DATA=$1\n"
                  "export RELMK_START_DATA\n"
                  "exec \"${0%/*}/" +
                      release.name + "\" daemon\n",
                  0755);
}

RestartProgram::~RestartProgram() {
  std::error_code error;
  if (!program_.empty()) fs::remove(program_, error);
  if (directory_.empty()) return;
  fs::remove_all(directory_, error);
}

}  // namespace relmk::node
