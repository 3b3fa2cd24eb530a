// Whole directories on their way into a plan.
#pragma once

#include <functional>
#include <string>

#include "plan/plan.h"
#include "sys/files.h"

namespace relmk::plan {

// What becomes of one file of a directory that is planned: called with its path in the release and
// its source; returns false to leave it out.
using PlanFile = std::function<bool(const std::string& path, PlannedFile& file)>;

// Plans every file and directory below `source` at `path`. Links are followed, as relx copies what
// they lead to; one that leads nowhere is a warning (relx passes over it), as is a pipe, socket or
// device; one that leads in a circle is an Error. `each` may change what is planned; where it is
// empty, everything is copied.
void plan_tree(Plan& plan, const std::string& path, const fs::path& source,
               const PlanFile& each = {});

}  // namespace relmk::plan
