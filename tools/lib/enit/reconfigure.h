// `enit reconfigure`: what the files say now, applied to the running node.
#pragma once

#include "enit/difference.h"
#include "enit/start.h"

namespace relmk::enit {

struct ReconfigureOptions {
  bool dry_run = false;
  bool keep = false;                         // what was changed stays when a callback fails
  std::chrono::milliseconds timeout{30000};  // of each config_change callback
  // What the node may take for each question, and for all of the change but its callbacks.
  std::chrono::milliseconds patience{60000};
};

// Sets what is different, starts and stops applications, and calls config_change/3 in each
// application that changed and exports it, in order of dependency, in a process of its own. Returns
// what is to be printed. Throws Error, which names the application, when one fails: everything is
// put back then, and told to those whose callback had succeeded.
std::string reconfigure(const Release& release, const ReconfigureOptions& options,
                        const Environment& environment);

}  // namespace relmk::enit
