// The boot files of a Mix release: those of systools, with what Mix.Release.make_boot_script puts
// into them.
#pragma once

#include <string>
#include <vector>

#include "mix/answer.h"
#include "otp/application/application_resource.h"
#include "plan/plan.h"
#include "term/term.h"

namespace relmk::mix {

// Plans releases/VSN/NAME.rel, BOOT.boot and BOOT.script of each boot script of the release, and
// RELEASES. Applications of Erlang/OTP stand below $ROOT/lib, others below $RELEASE_LIB, a boot
// variable; consolidated protocols come before them, and config providers run once stdlib has
// started. resources[i] is applications[i]'s. Throws Error with systools' words.
void plan_boot_files(plan::Plan& plan, const Answer& release,
                     const std::vector<otp::ApplicationResource>& resources,
                     const std::string& mix_exs);

// A boot script of systools as Mix has it: `first_directory` (where it is not empty) in front of
// each path that goes through $RELEASE_LIB; with `providers`, a call of Config.Provider.boot/0
// after stdlib's start.
Term mix_boot_script(const Term& script, const std::string& first_directory, bool providers);

}  // namespace relmk::mix
