// The files that a VM is started with. The cookie goes where the VM reads it by itself (kernel's
// auth: .erlang.cookie in the directory that -home names), because every other way leads through
// arguments, which anybody on the machine can read: vm.args, ERL_FLAGS and their like all end up
// there (erlexec).
#pragma once

#include <optional>
#include <string>

#include "start/start_environment.h"

namespace relmk::start {

// What the VM is started with.
struct StartFiles {
  fs::path home;           // for -home: holds .erlang.cookie; empty: the user's own
  fs::path vm_args;        // without the cookie; empty: none
  fs::path sys_config;     // empty: none
  fs::path log_directory;  // where run_erl may write
};

// Writes vm.args and sys.config with their variables replaced, where they are to be: beside their
// sources or to RELX_OUT_FILE_PATH or, in a release that is read-only, to the user's runtime
// directory. The node's name is in the file's with RELX_MULTI_NODE, and where it would else take
// the source's place. The bases in `found` are then these. Throws Error.
void write_substituted_files(const ReleasePlace& release, const Environment& environment,
                             StartEnvironment& found);

// Writes what the VM reads: the substituted files, and what holds the cookie to a directory that
// only this user can enter. Throws Error, also for a sys.config that no node could boot from, and
// for an -args_file that is not there.
StartFiles write_start_files(const ReleasePlace& release, const Environment& environment,
                             StartEnvironment found);

}  // namespace relmk::start
