// The options that relx-config, assemble-release and make-tar have in common.
#pragma once

#include <CLI/CLI.hpp>

#include "relx/release/release_plan.h"

namespace relmk::relx {

// Adds -c and what says how the configuration is read. `request` is filled when `app` parses, and
// outlives that.
void add_config_options(CLI::App& app, ConfigRequest& request);

// Adds those and -n, -v, -o, -l, --mode and what else says which release is meant and how it is
// made.
void add_release_options(CLI::App& app, ReleaseRequest& request);

}  // namespace relmk::relx
