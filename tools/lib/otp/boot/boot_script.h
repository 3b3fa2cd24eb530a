// Boot scripts (sasl's script(4)), as systools:make_script makes them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "otp/application/installation.h"
#include "otp/release/release_applications.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::otp {

struct BootScriptOptions {
  // {variables, [{Name, Dir}]}: boot variables, as {"SYSTEM_LIB_DIR", "/usr/lib/erlang/lib"}.
  std::vector<std::pair<std::string, std::string>> variables;
  bool local = false;          // paths as found, instead of $ROOT/lib/APP-VSN/ebin
  bool no_dot_erlang = false;  // as in no_dot_erlang.boot: ~/.erlang is not loaded
};

// What all boot scripts of one OTP have in common, read from one that it came with, so that nothing
// here is tied to a version of OTP.
struct BootTemplate {
  Terms head;                    // {preLoaded, …} … {progress, kernel_load_completed}
  Terms kernel_processes;        // {kernelProcess, …} … {progress, init_kernel_started}
  Terms tail;                    // what follows the last {apply, {application, start_boot, …}}
  std::vector<Atom> resident;    // the preloaded and mandatory modules
  std::vector<Term> properties;  // {Key, Value} of stdlib, as an application is loaded
  bool latin1_atoms = false;     // see term/external.h
};

// Reads start_clean_boot_file(). Throws Error when that is no boot file.
BootTemplate boot_template(const Installation& otp);
// The same of a boot file's bytes; `file` is for errors.
BootTemplate boot_template(const std::string& file, const std::string& bytes);

// {script, {Name, Vsn}, Instructions}.
Term boot_script(const ReleaseApplications& applications, const BootTemplate& otp,
                 const BootScriptOptions& options = {});

// The bytes of NAME.script and of NAME.boot.
std::string script_text(const Term& script);
std::string boot_bytes(const Term& script, const BootTemplate& otp);

}  // namespace relmk::otp
