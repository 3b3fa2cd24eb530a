// One planned file made real.
#pragma once

#include "plan/plan.h"
#include "sys/files.h"

namespace relmk::plan {

// Creates what is planned at `target`, which does not exist yet; its directory does. Throws Error.
void make_planned_file(const PlannedFile& file, const fs::path& target);

}  // namespace relmk::plan
