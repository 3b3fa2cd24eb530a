// One planned file made real.
#pragma once

#include <sys/stat.h>

#include <optional>

#include "plan/plan.h"
#include "sys/files.h"

namespace relmk::plan {

struct MadeFile {
  struct stat status;                 // of what was made, links not followed
  std::optional<struct stat> source;  // of the source that was read for it, before that
};

// Creates what is planned at `target`, which does not exist yet; its directory does. Throws Error.
MadeFile make_planned_file(const PlannedFile& file, const fs::path& target);

}  // namespace relmk::plan
