// What the start script goes by where bin/nodetool cannot run, as in a release for another machine:
// vm.args and sys.config as functions of a shell, made with the release, so that the script need
// not understand them.
#pragma once

#include <string>
#include <string_view>

namespace relmk::relx {

// vm.args or sys.config of a release.
struct ConfigText {
  std::string name;  // vm.args, vm.args.src, …; empty: there is none
  std::string text;
  bool substitute = false;  // its variables are replaced when a node starts, as in a .src file
};

// The shell's text. It sets PREPARED_VM_ARGS and PREPARED_SYS_CONFIG, the names; PREPARED_TROUBLE,
// what there is in vm.args that only nodetool understands (empty: nothing); and defines
//   prepared_source      prints vm.args as it was when the release was made
//   prepared_name        sets PREPARED_NAME_TYPE (-name, -sname) and PREPARED_NAME; empty without
//   prepared_cookie      sets PREPARED_COOKIE; empty without
//   prepared_vm_args     prints vm.args without name and cookie
//   prepared_sys_config  prints sys.config
// each with the values of variables. A variable of vm.args that is not set ends the shell, with a
// line that names it; one of sys.config is empty.
std::string prepared_start(const ConfigText& vm_args, const ConfigText& sys_config);

}  // namespace relmk::relx
