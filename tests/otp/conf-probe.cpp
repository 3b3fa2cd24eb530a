// For tests/otp/conf.sh: what the room `conf` makes of a vm.args or sys.config.
//
//   conf-probe args FILE    prints the arguments, one a line
//   conf-probe text FILE    prints the text that vm_args_text makes of its flags
//   conf-probe sys FILE     exits with 0 if a node could boot from it
#include <cstdio>
#include <string>

#include "start/sys_config.h"
#include "start/vm_args.h"

using namespace relmk;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string what = argv[1];
  try {
    const std::string text = sys::read_file(argv[2]);
    if (what == "args") {
      for (const start::VmArgument& argument : start::split_vm_args(argv[2], text))
        std::puts(argument.text.c_str());
    } else if (what == "text") {
      std::fputs(start::vm_args_text(start::read_vm_args(argv[2], text, ".").flags()).c_str(),
                 stdout);
    } else {
      start::validate_sys_config(argv[2], text);
    }
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
