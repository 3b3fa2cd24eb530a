// What becomes of the state that a process keeps while its module is exchanged.
#pragma once

#include <string>
#include <vector>

#include "beam/beam_file.h"

namespace relmk::otp {

struct StateFault {
  bool is_refused = false;
  std::string message;
};

// Looks at the abstract code of a callback module's two versions, where they have it: at records of
// its state whose fields changed, and for which the newer code_change has no clause; and at funs
// that it puts into records or maps, which fail with badfun once the version that made them is
// purged. Nothing is found where there is no abstract code.
std::vector<StateFault> state_faults(const beam::BeamFile& from, const beam::BeamFile& to);

}  // namespace relmk::otp
