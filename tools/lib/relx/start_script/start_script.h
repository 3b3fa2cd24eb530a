// The start script of a release and what it stands on: what relx renders from its templates
// extended_bin, bin and builtin_hook_*, in our own writing.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "term/term.h"

namespace relmk::relx {

struct StartScript {
  std::string release_name;
  std::string release_version;
  std::string erts_version;
  bool extended = true;  // extended_start_script
  // extended_start_script_hooks: phase (pre_start, …, status) and its hooks.
  std::vector<std::pair<Atom, Terms>> hooks;
  // extended_start_script_extensions: command and script, below bin/.
  std::vector<std::pair<Atom, std::string>> extensions;
  // extended_start_script_commands: those that the script offers, and where they are named; all of
  // them where it names none. One that has two names is offered under both.
  std::vector<Atom> commands;
  Position commands_at;
};

struct StartScriptFile {
  std::string path;  // from the release's root
  std::string content;
  unsigned mode;  // permission bits
};

// bin/NAME and bin/NAME-VSN (the same bytes); with the extended script also bin/without_nodetool
// and the built-in hooks that are asked for, under bin/hooks/builtin. bin/nodetool itself is the
// caller's to plan. A hook that its phase does not allow is left out with a warning, as relx does;
// one that is no hook at all, and a command that there is not, throw Error. `config_file` is named
// in both.
std::vector<StartScriptFile> start_script_files(const StartScript& script,
                                                const std::string& config_file);

// vm.args and sys.config of a release whose project has none.
std::string default_vm_args(const std::string& release_name);
std::string default_sys_config();

}  // namespace relmk::relx
