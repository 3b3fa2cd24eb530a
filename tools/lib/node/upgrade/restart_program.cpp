#include "node/upgrade/restart_program.h"

#include "sys/owner.h"

namespace relmk::node {

namespace {

constexpr const char* kMark =
    "# Made for an upgrade that restarts the emulator, and removed after it.";
constexpr const char* kBetween = "__new_emulator__";

bool is_ours(const fs::path& program) {
  std::error_code error;
  return fs::is_regular_file(program, error) &&
         sys::read_file(program).find(kMark) != std::string::npos;
}

}  // namespace

RestartProgram::RestartProgram(const start::ReleasePlace& release, const std::string& from,
                               const std::string& to, const RenderedConfiguration& configuration) {
  std::error_code error;
  const fs::path data = release.root / "releases" / "new_start_erl.data";
  if (!fs::exists(data, error)) data_ = data;
  const fs::path program = release.root / "bin" / "start";
  const fs::path script = release.root / "bin" / release.name;
  if ((fs::exists(program, error) && !is_ours(program)) || !fs::exists(script, error)) return;
  directory_ = release.root / "releases" / (kBetween + from);
  sys::make_directories(directory_);
  // The name as it stands in the new version, so that a .src is rendered.
  const fs::path vm_args = release.root / configuration.vm_args;
  if (!configuration.vm_args.empty() && vm_args.parent_path() == release.root / "releases" / to) {
    sys::write_file(directory_ / vm_args.filename(), sys::read_file(vm_args), 0600);
  }
  sys::give_to_owner_of(directory_, release.root / "releases");
  program_ = program;
  // One argument: DATA. The script's name is passed in a variable, for it may hold any character.
  sys::write_file(program,
                  "#!/bin/sh\n" + std::string(kMark) +
                      "\n"
                      "RELMK_START_DATA=$1\n"
                      "export RELMK_START_DATA\n"
                      "exec \"${0%/*}/" +
                      release.name + "\" daemon\n",
                  0755);
}

RestartProgram::~RestartProgram() {
  std::error_code error;
  if (!program_.empty()) fs::remove(program_, error);
  if (!data_.empty()) fs::remove(data_, error);
  if (!directory_.empty()) fs::remove_all(directory_, error);
}

// Of a start that is not ours, the data is OTP's too. The version in between is nobody's by then:
// it may be there alone, for the program is removed first.
void RestartProgram::remove_left(const fs::path& root) {
  std::error_code error;
  const fs::path program = root / "bin" / "start";
  if (!fs::exists(program, error) || is_ours(program)) {
    fs::remove(program, error);
    fs::remove(root / "releases" / "new_start_erl.data", error);
  }
  std::vector<fs::path> between;
  for (const auto& entry : fs::directory_iterator(root / "releases", error))
    if (entry.path().filename().string().starts_with(kBetween)) between.push_back(entry.path());
  for (const fs::path& directory : between)
    fs::remove_all(directory, error);
}

}  // namespace relmk::node
