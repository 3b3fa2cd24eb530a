// One planned file made real.
#pragma once

#include "relx/plan.h"
#include "sys/files.h"

namespace relmk {

// Creates what is planned at `target`, which does not exist yet; its directory does. Throws Error.
void make_planned_file(const PlannedFile& file, const fs::path& target);

}  // namespace relmk
