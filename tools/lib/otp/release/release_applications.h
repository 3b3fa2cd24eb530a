// The applications of a release: found and checked as systools_make does before it writes a boot
// script, a tar file or a relup.
#pragma once

#include <string>
#include <vector>

#include "otp/application/application_resource.h"
#include "otp/application/code_path.h"
#include "otp/application/installation.h"
#include "otp/release/release_resource.h"

namespace relmk::otp {

// What is done where an .app names something twice in one of its lists. Up to OTP 26 systools
// writes that into the boot file as it is, from OTP 27 on it makes no boot file.
enum class Repetitions { Ignored, Warned, Refused };

// Whether the systools of this OTP refuses them, else Warned.
Repetitions repetitions(const Installation& otp);

struct ReleaseApplications {
  ReleaseResource release;
  std::string release_file;  // for errors
  // resources[i] is of release.applications[i]; its included_applications are those that the .rel
  // keeps.
  std::vector<ApplicationResource> resources;
  int warnings = 0;  // how many sys::warn() was given of them
};

// Finds each application of the release in `path` and checks them all: included applications that
// the .app does not name, repetitions, undefined applications, registered names, included
// applications and modules that two have, circular dependencies. Throws Error.
ReleaseApplications load_release_applications(const ReleaseResource& release,
                                              const std::string& release_file, CodePath& path,
                                              Repetitions repetitions);

// The same for .app files that the caller has found, resources[i] for release.applications[i].
ReleaseApplications release_applications(const ReleaseResource& release,
                                         const std::string& release_file,
                                         std::vector<ApplicationResource> resources,
                                         Repetitions repetitions);

// The release in which `application` and all that it needs (applications, included applications,
// optional ones that the release holds, and who includes one of these), `also` with what they need,
// kernel and stdlib keep their start type, or are permanent where the release only loads them and
// no other application includes them; every other one is of type `none`: on the code path, neither
// loaded nor started. For the boot file of a node type. Throws Error when the release lacks one
// that is named.
ReleaseResource node_type_release(const ReleaseApplications& applications, const Atom& application,
                                  const std::vector<Atom>& also = {});

}  // namespace relmk::otp
