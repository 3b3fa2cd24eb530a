// `enit startfg` and `enit start`.
#pragma once

#include "enit/boot.h"
#include "enit/state.h"

namespace relmk::enit {

// A node that is ready to be started: checked, and all that it reads is written.
struct PreparedNode {
  std::vector<std::string> arguments;  // of erlexec, which is the first
  Environment environment;             // what is to be added to ours
  Account account;
  StartLock lock;  // against other starts
};

// Checks all that can be checked before: the release, its applications, the user, whether the node
// runs already, and whether its port is taken. Then writes what the node reads. Throws Error; then
// nothing was changed.
PreparedNode prepare_node(const Release& release, const StartOptions& options,
                          const Environment& environment);

// Becomes the node. Throws Error where it cannot.
[[noreturn]] void become_node(const PreparedNode& node);

struct BackgroundOptions {
  std::vector<std::string> command;  // that becomes the node: `enit startfg …`
  fs::path log_directory;            // for run_erl; empty: /var/log/enit/NAME, or below the state's
  std::chrono::milliseconds patience{60000};
};

// Tells why this process does not become the node, where start_in_background() of another one waits
// for it (the environment says so).
void tell_starter(const Error& error, const Environment& environment);

// Runs the command in the background under OTP's run_erl, and returns when all applications of the
// node run. Throws Error where the node ends before that (with what it said), or where it still
// starts when the time is over: it is left alone then.
void start_in_background(const Release& release, const BackgroundOptions& options,
                         const Environment& environment);

}  // namespace relmk::enit
