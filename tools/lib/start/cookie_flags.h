// -setcookie and -detached among the flags that erlexec takes from the environment (ERL_AFLAGS,
// ERL_FLAGS, ERL_OTP25_FLAGS and its like, ERL_ZFLAGS). It makes them arguments of the VM, where
// everybody sees them, so cookies are taken out; -detached, because no start script gives that.
#pragma once

#include <string>
#include <vector>

#include "start/vm_args.h"
#include "sys/environment.h"

namespace relmk::start {

using sys::Environment;
using sys::process_environment;

struct CookieFlags {
  std::vector<VmFlag>
      flags;  // -setcookie COOKIE, -setcookie NODE COOKIE, -detached; their file is the variable
  // The variables that a VM is to see changed: those without these flags, and RELX_COOKIE_FLAGS
  // with what was taken out, so that heart, which starts the node again from the VM's environment,
  // finds the same cookies. Empty when there is nothing to hide.
  Environment changes;
};

// `directory`: the VM's working directory, for an -args_file. Throws as read_vm_args does.
CookieFlags find_cookie_flags(const Environment& environment, const fs::path& directory);

}  // namespace relmk::start
