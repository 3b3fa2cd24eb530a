// Boot scripts (sasl's script(4)), as systools:make_script makes them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "otp/installation.h"
#include "otp/release_applications.h"
#include "sys/file.h"
#include "term/term.h"

namespace relmk {

struct BootScriptOptions {
  // {variables, [{Name, Dir}]}: boot variables, as {"SYSTEM_LIB_DIR", "/usr/lib/erlang/lib"}.
  std::vector<std::pair<std::string, std::string>> variables;
  bool local = false;          // paths as found, instead of $ROOT/lib/APP-VSN/ebin
  bool no_dot_erlang = false;  // the boot script of no_dot_erlang.boot: does not load ~/.erlang
};

// What every boot script of one OTP has in common, taken from the boot file that it was built with,
// so that no table of OTP versions is needed.
struct BootTemplate {
  Terms head;  // preLoaded … {progress, kernel_load_completed}; the path in it is to be replaced
  Terms kernel_processes;  // … {progress, init_kernel_started}; the kernel application in it too
  Terms tail;              // what follows the last start of an application
  std::vector<Atom> resident_modules;  // preloaded and mandatory ones: loaded with no application
  std::vector<Atom> keys;              // of an application's properties, in their order
  bool latin1_atoms = false;
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

}  // namespace relmk
