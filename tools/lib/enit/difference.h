// What the files say now against what was applied to a node last.
#pragma once

#include "enit/applied.h"

namespace relmk::enit {

struct ApplicationDifference {
  struct Value {
    Atom key{""};
    Term value;
    bool of_app_file = false;  // the files say nothing more of the key: its .app does
  };
  Atom name{""};
  std::vector<Value> set;
  std::vector<Atom> removed;  // neither the files nor the .app have them any more
};

struct Difference {
  std::vector<ApplicationDifference> applications;  // each after those that it needs
  std::vector<std::string> restart;              // `APP KEY`: what a running node can't take over
  std::vector<Atom> started;                     // to be started, in order
  std::vector<otp::ApplicationResource> loaded;  // to be loaded for that, the started ones too
  std::vector<Atom> stopped;                     // to be stopped, in order

  bool is_empty() const {
    return applications.empty() && started.empty() && loaded.empty() && stopped.empty();
  }
};

// `applications` are the release's as resolved now.
Difference difference(const Applied& applied, const Release& release,
                      const otp::ReleaseApplications& applications);

// A line for each key and its new value, for each application to be started or stopped, and for
// what needs a restart.
std::string difference_text(const Difference& difference);

// Whether kernel reads the parameter only when the node starts.
bool needs_restart(std::string_view kernel_parameter);

}  // namespace relmk::enit
