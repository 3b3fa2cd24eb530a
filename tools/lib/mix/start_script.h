// bin/NAME of a Mix release: mix's commands with mix's meanings, in our own writing, asked of the
// node by nodetool.
#pragma once

#include <string>
#include <vector>

#include "mix/answer.h"

namespace relmk::mix {

struct StartScriptFile {
  std::string path;  // from the release's root
  std::string text;
  unsigned mode;  // permission bits
};

// bin/NAME and bin/NAME-VSN, the same bytes. bin/nodetool is the caller's to plan.
std::vector<StartScriptFile> start_script_files(const Answer& release);

}  // namespace relmk::mix
