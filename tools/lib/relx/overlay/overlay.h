// What the `overlay` of a relx configuration makes: files that the user adds to a release
// (rlx_overlay).
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"
#include "relx/overlay/overlay_action.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::relx {

struct OverlayTarget {
  fs::path root_dir;  // sources are relative to it
  fs::path
      first_root_dir;   // or, where they exist there, to this (relx 3 knows only it); may be empty
  fs::path output_dir;  // DIR/NAME: absolute paths below it mean the release being planned
  bool dev_mode = false;    // links are links; else they are copies
  Term variables;           // see overlay_vars.h
  std::string config_file;  // for errors
};

// Plans the actions in their order. A source below output_dir is a planned file where the plan has
// that path, and else a file that an earlier build left there, as with relx. An action replaces
// what is planned at its target. Warns of a source that relx passes over in silence. Returns the
// paths of the files and of the whole directories that it planned. Throws Error with the action's
// position, or with the position within its template.
std::vector<std::string> apply_overlay(plan::Plan& plan, const std::vector<OverlayAction>& overlay,
                                       const OverlayTarget& target);

}  // namespace relmk::relx
