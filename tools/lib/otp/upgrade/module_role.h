// What a module is to the processes that run it, as far as its compiled code tells.
#pragma once

#include "beam/module_code.h"

namespace relmk::otp {

// Stripped files may lack the attributes: then what a supervisor cannot do without tells it.
bool is_supervisor(const beam::ModuleCode& code);

// code_change/3, that of gen_statem, code_change/4, or that of a special process.
bool changes_state(const beam::ModuleCode& code);

// `gen_server`, `gen_statem`, `gen_event` or `special process`; nullptr where no process is known
// to have it as its callback module.
const char* process_kind(const beam::ModuleCode& code);

bool loads_nif(const beam::ModuleCode& code);

}  // namespace relmk::otp
