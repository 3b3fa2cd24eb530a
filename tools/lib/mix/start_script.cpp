#include "mix/start_script.h"

#include "relx/start_script/script_parts.h"

namespace relmk::mix {
namespace {

// The texts are the files in start_script/, made into string literals by Meson.
const std::string script_text =
#include "mix/mix.sh.inc"
    ;

// What stands for `# @MARK@` in it.
const std::vector<relx::ScriptPart> script_parts = {
    {
        "# @NODE_NAME@",
#include "mix/node_name.sh.inc"
    },
    {
        "# @START_VM@",
#include "mix/start_vm.sh.inc"
    },
    {
        "# @ASK_NODE@",
#include "mix/ask_node.sh.inc"
    },
    {
        "# @USAGE@",
#include "mix/usage.sh.inc"
    },
};

}  // namespace

std::vector<StartScriptFile> start_script_files(const Answer& release) {
  std::string text = script_text;
  relx::put_script_parts(text, script_parts);
  relx::put_script_parts(text, relx::common_script_parts());
  relx::replace_all(text, "@REL_NAME@", release.name);  // [a-z0-9_]: Mix refuses others
  constexpr unsigned kExecutable = 0755;
  return {{"bin/" + release.name, text, kExecutable},
          {"bin/" + release.name + "-" + release.version, text, kExecutable}};
}

}  // namespace relmk::mix
