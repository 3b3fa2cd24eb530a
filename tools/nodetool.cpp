// nodetool: asks a running node, over Erlang distribution, without a VM on this side.
#include "nodetool/commands.h"

#include <unistd.h>

#include <cstdlib>
#include <exception>

#include "node/session/odd_answer.h"
#include "start/release_place.h"
#include "start/vm_args.h"
#include "sys/environment.h"
#include "sys/output.h"
#include "sys/tool.h"

// Takes the place of libstdc++'s, which would bring the names of C++ types into words, and 20 kB of
// each release's tarball for them. What is thrown is caught in main().
namespace __gnu_cxx {
void __verbose_terminate_handler() {
  std::abort();
}
}  // namespace __gnu_cxx

using namespace relmk;

namespace {

constexpr const char* kFooter =
    "Run by a release's start script, it knows the node. The cookie is that of RELX_COOKIE,\n"
    "else of --cookie-file, else (for a node type of Kazoo) of config.ini, else of -setcookie\n"
    "in vm.args or (of a release) in ERL_FLAGS, else of ~/.erlang.cookie, else of\n"
    "erlang/.erlang.cookie in XDG_CONFIG_HOME.\n"
    "The node may take RELX_RPC_TIMEOUT seconds to answer (60).";

// The start script hides what the shell says of a nodetool that cannot run here, and so hands over
// the real standard error under another number.
void take_standard_error() {
  const char* text = std::getenv("NODETOOL_STDERR");
  if (text == nullptr) return;
  const int number = std::atoi(text);
  if (number > STDERR_FILENO && ::dup2(number, STDERR_FILENO) >= 0) ::close(number);
  ::unsetenv("NODETOOL_STDERR");
}

}  // namespace

int main(int argc, char** argv) {
  take_standard_error();
  sys::CommandLine line(
      "nodetool", "Asks a running Erlang node: over its distribution, without a VM on this side.");
  nodetool::Options options;
  const nodetool::Subcommand* wanted = nullptr;
  nodetool::add_options(line, options);
  line.require_command();
  for (const nodetool::Subcommand* subcommand : nodetool::possible_subcommands(argc, argv)) {
    sys::CommandLine& command = line.command(subcommand->name, subcommand->about);
    subcommand->add(command, options);
    command.when_parsed([&, subcommand] {
      wanted = subcommand;
      const bool none =
          options.words.empty() || (options.words.size() == 1 && options.words[0].empty());
      if (subcommand->words != nullptr && none) {
        throw sys::WrongUsage(std::string(subcommand->name) + ": " + subcommand->words +
                              " is required");
      }
    });
  }
  line.footer(kFooter);
  return sys::run_tool(line, argc, argv, [&] {
    try {
      return node::read_answers([&] { return wanted->run({options, sys::process_environment()}); });
    } catch (const start::VmArgsError& error) {
      // relx's script has a code for each; nodetool by itself has not.
      if (!start::release_of_environment(sys::process_environment())) throw;
      sys::say(error.text());
      return static_cast<int>(error.code());
    }
  });
}
