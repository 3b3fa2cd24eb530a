// The order in which the applications of a release are loaded and started (systools_make's
// sort_appls/1).
#pragma once

#include <vector>

#include "otp/release/release_applications.h"

namespace relmk::otp {

struct OrderedApplication {
  ApplicationResource resource;
  StartType type = StartType::Permanent;
  // resource.applications and .included_applications as systools arranges them for the boot script:
  // in the .rel's order, and an included application that is used replaced by its topmost includer.
  std::vector<Atom> uses;
  std::vector<Atom> includes;
};

// Every application after those that it needs; where that says nothing, in the .rel's order.
// Throws Error for circular dependencies, naming them as systools does.
std::vector<OrderedApplication> start_order(const ReleaseApplications& applications);

}  // namespace relmk::otp
