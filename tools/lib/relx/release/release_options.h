// The options that relx-config, assemble-release and make-tar have in common.
#pragma once

#include "relx/release/release_plan.h"
#include "sys/command_line.h"

namespace relmk::relx {

// Adds -c and what says how the configuration is read. `request` is filled when `line` parses, and
// outlives that.
void add_config_options(sys::CommandLine& line, ConfigRequest& request);

// Adds those and -n, -v, -o, -l, --mode and what else says which release is meant and how it is
// made.
void add_release_options(sys::CommandLine& line, ReleaseRequest& request);

}  // namespace relmk::relx
