// What assemble-release and make-tar do where -c names a mix.exs.
#pragma once

#include "mix/release_plan.h"
#include "relx/release/release_plan.h"

namespace relmk::mix {

// What of the options holds for a Mix project. Throws Error for one that only relx's configuration
// has a meaning for.
Request request_of(const relx::ReleaseRequest& request);

// Assembles the release, and makes its tarball where `steps` has :tar. Says on stdout what was
// made, unless nothing was or the release is quiet. Throws Error.
void assemble_release(const Request& request);

// What relx-config prints of a mix.exs: {release, {Name, Vsn}, [{App, Mode}]} of each release, and
// {default_release, {Name, Vsn}}, that of the default one or the first. Throws Error.
Terms relx_terms(const relx::ConfigRequest& config);

// The same without the applications: the project need not be compiled. Throws Error.
Terms release_terms(const relx::ConfigRequest& config);

// Assembles the release, packs it, and prints the tarball's path. Throws Error.
void make_tar(const Request& request);

}  // namespace relmk::mix
