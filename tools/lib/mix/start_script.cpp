#include "mix/start_script.h"

namespace relmk::mix {
namespace {

// The texts are the files in start_script/, made into string literals by Meson.
const std::string script_text =
#include "mix/mix.sh.inc"
    ;

// What stands for `# @MARK@` in it.
struct Part {
  const char* mark;
  const char* text;
};
constexpr Part kParts[] = {
    {
        "# @FINISH_EXCHANGE@",
#include "mix/finish_exchange.sh.inc"
    },
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

void replace_all(std::string& text, const std::string& mark, const std::string& value) {
  for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
    text.replace(at, mark.size(), value);
    at += value.size();
  }
}

// A part without its leading comment, which speaks to its readers here.
std::string body_of(const std::string& part) {
  std::string body = part.substr(part.find("\n\n") + 2);
  while (!body.empty() && body.back() == '\n')
    body.pop_back();
  return body;
}

}  // namespace

std::vector<StartScriptFile> start_script_files(const Answer& release) {
  std::string text = script_text;
  for (const Part& part : kParts)
    replace_all(text, part.mark, body_of(part.text));
  replace_all(text, "@REL_NAME@", release.name);  // [a-z0-9_]: Mix refuses others
  constexpr unsigned kExecutable = 0755;
  return {{"bin/" + release.name, text, kExecutable},
          {"bin/" + release.name + "-" + release.version, text, kExecutable}};
}

}  // namespace relmk::mix
