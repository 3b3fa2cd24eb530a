// What heart runs when a relup restarts the emulator: release_handler gives it `START DATA`, where
// START is bin/start (sasl's start_prg), which OTP's own installations have, and DATA a file as
// start_erl.data. A release that bin/NAME starts has none: it gets one as long as it is needed.
#pragma once

#include "node/upgrade/configuration.h"
#include "start/start_environment.h"

namespace relmk::node {

class RestartProgram {
 public:
  // Writes bin/start unless there is one. For restart_new_emulator the node boots a version that
  // release_handler makes, `__new_emulator__FROM`, which has no vm.args: it gets those of `to`.
  // Throws Error.
  RestartProgram(const start::ReleasePlace& release, const std::string& from, const std::string& to,
                 const RenderedConfiguration& configuration);
  RestartProgram(const RestartProgram&) = delete;
  RestartProgram& operator=(const RestartProgram&) = delete;
  ~RestartProgram();

  // Removes what a killed process left of this, or a part of it, once the emulator has been
  // restarted or will not be. Leaves a bin/start of the user's own alone, and its data.
  static void remove_left(const fs::path& root);

 private:
  fs::path program_;    // ours; empty: there was one
  fs::path directory_;  // of the version in between
  fs::path data_;       // what release_handler writes for START; empty: there was one
};

}  // namespace relmk::node
