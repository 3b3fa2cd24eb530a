// `enit update`: exchanges the applications of a running node for those that are installed now.
#pragma once

#include "enit/start.h"

namespace relmk::enit {

struct UpdateOptions {
  bool dry_run = false;
  bool back = false;                         // to the applications of before the last update
  std::chrono::milliseconds timeout{30000};  // of each process that is suspended or changed
  // What the node may take for each question, and for all of the update but such processes.
  std::chrono::milliseconds patience{60000};
};

// Compares the versions that run with those that are installed (of the applications that the
// release had when it was started or reconfigured last, and of what these need), and carries the
// instructions of appups out on the node. What runs then is kept (enit/kept.h), and so is what ran
// before. Returns what is to be printed: a line for each application and each module. Throws Error
// when it fails: then all was put back, or the error names what was not.
std::string update(const Release& release, const UpdateOptions& options,
                   const Environment& environment);

}  // namespace relmk::enit
