// What is checked of a release's modules before it is assembled: systools' module tests, and relx's
// check for functions that the release does not hold.
#pragma once

#include <chrono>

#include "plan/assemble.h"
#include "relx/release/release_plan.h"

namespace relmk::relx {

// Warns of:
// - sasl missing from the release;
// - an application that is started and needs one that is only loaded, or not even that;
// - modules of an .app that are not in its ebin: an Error, as with systools;
// - with src_tests (and sources in the release), modules whose source is missing or newer, save
//   those of OTP's own applications;
// - with check_for_undefined_functions, calls of the project's own applications to functions that
//   the release does not hold, in relx's words;
// - with exref, functions that any of the applications named there call and the release does not
//   hold;
// - hooks and extensions of the start script that no overlay brings.
//
// With warnings_as_errors, the warnings that systools would give are an Error in the end.
void check_release(const PlannedRelease& release);

// Assembles the release in its directory, once it is checked; waits at most `lock_wait` for another
// assembly there; `keeps_changes` is AssemblyRequest's. Where nothing is to be made there is
// nothing to warn of again, but what is an error remains one.
plan::Assembly assemble_checked(const PlannedRelease& release, std::chrono::seconds lock_wait,
                                bool keeps_changes = false);

}  // namespace relmk::relx
