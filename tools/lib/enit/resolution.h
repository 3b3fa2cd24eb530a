// All applications that a release runs: those that it names, and what they need.
#pragma once

#include "enit/configuration.h"
#include "enit/installed.h"
#include "otp/release/release_applications.h"

namespace relmk::enit {

// The applications, with all that they need, kernel and stdlib. What is wrong (one that is not
// installed, with who needs it; a circle, with all who take part; one that two include; a module
// without its file) is added to the faults: the result is to be used only where there are none.
otp::ReleaseApplications resolve(const Specification& release,
                                 const std::vector<NamedApplications>& named,
                                 const InstalledApplications& installed,
                                 const otp::Installation& otp, Faults& faults);

// The names of `roots` and of all that they need, among those of a release.
std::vector<Atom> needed_by(const otp::ReleaseApplications& applications, std::vector<Atom> roots);

}  // namespace relmk::enit
