// A release as its files say it: what every command begins with.
#pragma once

#include "enit/node_settings.h"
#include "enit/resolution.h"

namespace relmk::enit {

struct Release {
  ReleasePlace place;
  Specification specification;
  Configuration configuration;
  NodeSettings node;

  const std::string& name() const { return place.name; }
  std::vector<NamedApplications> named() const {
    return named_applications(specification, configuration);
  }
  node::Target target(const Environment& environment) const {
    return target_of(name(), node, configuration, environment);
  }
};

// Reads all of its files. What is wrong is added to the faults.
Release read_release(ReleasePlace place, const Environment& environment, Faults& faults);
// The same; throws the first fault.
Release read_release(ReleasePlace place, const Environment& environment);

// The release's applications, as installed now. `erl_libs` as $ERL_LIBS. What is wrong is added.
otp::ReleaseApplications resolve(const Release& release, const std::string& erl_libs,
                                 const otp::Installation& otp, Faults& faults);

}  // namespace relmk::enit
