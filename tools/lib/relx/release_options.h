// The options that assemble-release and make-tar have in common.
#pragma once

#include <CLI/CLI.hpp>

#include "relx/release_plan.h"

namespace relmk {

// Adds -c, -n, -v, -o, -l, --mode and what else says which release is meant and how it is made.
// `request` is filled when `app` parses, and outlives that.
void add_release_options(CLI::App& app, ReleaseRequest& request);

}  // namespace relmk
