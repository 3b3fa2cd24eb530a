// The applications of a release: found, checked and put in order of start, as systools_make does
// before it writes a boot script, a tar file or a relup.
#pragma once

#include <string>
#include <vector>

#include "otp/application_resource.h"
#include "otp/code_path.h"
#include "otp/release_resource.h"

namespace relmk {

struct ReleaseApplications {
  ReleaseResource release;
  // resources[i] is of release.applications[i]; its included_applications are those that the .rel
  // keeps.
  std::vector<ApplicationResource> resources;
};

// Finds each application of the release in `path` and checks them all. Throws Error.
ReleaseApplications load_release_applications(const ReleaseResource& release,
                                              const std::string& release_file, CodePath& path);

// The same for .app files that the caller has found, resources[i] for release.applications[i].
ReleaseApplications release_applications(const ReleaseResource& release,
                                         const std::string& release_file,
                                         std::vector<ApplicationResource> resources);

struct OrderedApplication {
  ApplicationResource resource;  // `applications` and `included_applications` as systools arranges
                                 // them: in the .rel's order, included ones replaced by their top
  StartType type = StartType::Permanent;
};

// Every application of the release after those that it needs; else in the .rel's order. Throws
// Error for circular dependencies.
std::vector<OrderedApplication> order_applications(const ReleaseApplications& applications);

// The release in which `application` and all that it needs (applications, included applications,
// and optional ones that the release holds) keep their start type, as do kernel, stdlib and sasl,
// and every other one is of type `none`: on the code path, neither loaded nor started. For the boot
// file of a node type. Throws Error when the release has no such application.
ReleaseResource node_type_release(const ReleaseApplications& applications, const Atom& application);

}  // namespace relmk
