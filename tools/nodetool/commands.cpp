#include "nodetool/commands.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <functional>

#include "node/commands/elixir_evaluation.h"
#include "node/commands/evaluate.h"
#include "node/commands/node_status.h"
#include "node/commands/stop_node.h"
#include "node/commands/vm_shell.h"
#include "node/console/remote_shell.h"
#include "node/distribution/node_error.h"
#include "node/session/standard_session.h"
#include "node/upgrade/journal.h"
#include "start/release_place.h"
#include "start/vm_args_template.h"
#include "sys/exchange.h"
#include "sys/output.h"
#include "sys/words.h"

namespace relmk::nodetool {
namespace {

int ping(const Request& request) {
  node::await_node(request.target(), request.timeout(), Request::time(request.options.wait));
  fmt::print("pong\n");
  return 0;
}

int pid(const Request& request) {
  node::StandardSession session(request.target(), request.timeout());
  fmt::print("{}\n", node::ask_process_id(session.rpc()));
  return 0;
}

int call(const Request& request, const node::FunctionCall& call) {
  return node::call_function(request.target(), request.timeout(), call, request.options.work);
}

int eval(const Request& request) {
  const std::vector<std::string>& words = request.options.words;
  const node::WorkOptions& work = request.options.work;
  if (words.size() == 1 && words[0] == "-") {
    return node::evaluate_input(request.target(), request.timeout(), work);
  }
  return node::evaluate_text(request.target(), request.timeout(), sys::joined(words, " "), work);
}

// An expression may take as long as it likes, unless somebody says.
int elixir(const Request& request) {
  const bool limited = request.options.timeout || request.environment.contains("RELX_RPC_TIMEOUT");
  return node::evaluate_elixir(
      request.target(), request.timeout(), sys::joined(request.options.words, " "),
      limited ? node::Deadline::after(request.timeout()) : node::Deadline::never(),
      request.options.work);
}

int iex(const Request& request) {
  node::run_remote_shell(request.target(), request.timeout(), request.environment,
                         node::ShellKind::Elixir);
  return 0;
}

int status(const Request& request) {
  node::StandardSession session(request.target(), request.timeout());
  const node::NodeStatus status = node::ask_status(session.rpc());
  fmt::print("{}", request.options.json ? node::status_json(status) : node::status_text(status));
  return 0;
}

int stop(const Request& request) {
  try {
    node::stop_node(request.target(), request.timeout(), request.patience());
  } catch (const node::NodeError& error) {
    if (!request.options.quiet || !error.is_not_running()) throw;
    return 1;
  }
  return 0;
}

int restart(const Request& request) {
  node::restart_node(request.target(), request.timeout(), request.patience());
  return 0;
}

int reboot(const Request& request) {
  node::reboot_node(request.target(), request.timeout());
  return 0;
}

int remote_console(const Request& request) {
  if (request.options.by_vm) {
    return node::run_vm_shell(request.target(), request.timeout(), request.environment);
  }
  node::run_remote_shell(request.target(), request.timeout(), request.environment);
  return 0;
}

using ReleaseWork = std::function<void(node::ReleaseCommands&)>;

int release(const Request& request, const ReleaseWork& work) {
  const auto found = start::release_of_environment(request.environment);
  const auto complain = [](const Error& error) {
    std::fflush(stdout);
    sys::say(error.text());
  };
  try {
    node::ReleaseCommands commands(
        request.target(), request.timeout(),
        found.value_or(start::ReleasePlace{fs::absolute("."), "", ""}), request.environment,
        [](const std::string& line) {
          fmt::print("{}\n", line);
          std::fflush(stdout);
        },
        complain);
    work(commands);
  } catch (const node::ReleaseError& error) {
    complain(error);
    return error.exit_code();
  }
  return 0;
}

int check(const Request& request) {
  return release(request, [&](node::ReleaseCommands& all) {
    all.check(request.options.version, upgrade_options(request.options));
  });
}

int install(const Request& request) {
  return release(request, [&](node::ReleaseCommands& all) {
    all.install(request.options.version, upgrade_options(request.options));
  });
}

int environment(const Request& request) {
  start::ScriptRequest script = request.options.script;
  const std::vector<std::string>& words = request.options.words;
  if (!words.empty())  // behind the word `arguments`
    script.start.arguments.assign(words.begin() + 1, words.end());
  const auto place = start::release_of_environment(request.environment);
  if (place && script.start.stage != start::StartStage::Asking &&
      !request.environment.contains("RELMK_START_DATA")) {
    node::repair_releases(*place);
  }
  fmt::print("{}", start::start_environment_script(request.environment, script));
  // A warning that reaches nobody is no reason not to start a node.
  std::clearerr(stderr);
  return 0;
}

int variables(const Request& request) {
  for (const std::string& name : start::variables_of_vm_args(request.options.file))
    fmt::print("{}\n", name);
  return 0;
}

const Subcommand kSubcommands[] = {
    {"ping", "prints pong when the node answers", ping, add_ping},
    {"pid", "prints the node's process id", pid},
    {"rpc", "MODULE [FUNCTION [ARGS]]: calls a function, prints its result",
     [](const Request& request) { return call(request, node::parse_rpc(request.options.words)); },
     add_work, "MODULE [FUNCTION [ARGS]]"},
    {"rpcterms", "MODULE FUNCTION [TERM. …]: the same, each argument a term with full stop",
     [](const Request& request) {
       return call(request, node::parse_rpcterms(request.options.words));
     },
     add_work, "MODULE FUNCTION [TERM. …]"},
    {"eval", "EXPRESSIONS: evaluates them there, prints the value; -: those of standard input",
     eval, add_work, "EXPRESSIONS, or -"},
    {"elixir", "EXPRESSIONS of Elixir: evaluates them there; prints what they print, no value",
     elixir, add_work, "EXPRESSIONS"},
    {"iex", "IEx of the node; Ctrl-D leaves it", iex},
    {"status", "prints what runs, since when, and its memory", status,
     [](sys::CommandLine& line, Options& options) {
       line.flag("--json", options.json, "as JSON");
     }},
    {"stop", "stops the node, returns when its process is gone", stop,
     [](sys::CommandLine& line, Options& options) {
       add_patience(line, options);
       line.flag("--quiet", options.quiet, "says nothing when the node does not run");
     }},
    {"restart", "restarts the node's applications in the same process, returns when they run",
     restart, add_patience},
    {"reboot", "ends the node's process; heart starts another", reboot},
    {"remote_console", "a shell of the node; Ctrl-D leaves it", remote_console,
     [](sys::CommandLine& line, Options& options) {
       line.flag("--vm", options.by_vm, "by `erl -remsh`");
     }},
    {"versions", "lists the release's versions",
     [](const Request& request) {
       return release(request, [](node::ReleaseCommands& all) { all.list(); });
     }},
    {"check", "says what stands in the way of an upgrade, and changes nothing", check, add_limits},
    {"unpack", "unpacks the package of a version into the release",
     [](const Request& request) {
       return release(request,
                      [&](node::ReleaseCommands& all) { all.unpack(request.options.version); });
     },
     add_version},
    {"install", "unpacks a version where needed, and switches to it", install, add_installation},
    {"upgrade", "the same", install, add_installation},
    {"downgrade", "the same", install, add_installation},
    {"commit", "makes the version that runs permanent",
     [](const Request& request) {
       return release(request,
                      [&](node::ReleaseCommands& all) { all.commit(request.options.version); });
     },
     add_version},
    {"uninstall", "removes a version that does not run",
     [](const Request& request) {
       return release(request,
                      [&](node::ReleaseCommands& all) { all.uninstall(request.options.version); });
     },
     add_version},
    {"finish",
     "DIRECTORY: puts in place what an interrupted assembly of the release there has left",
     [](const Request& request) {
       sys::finish_exchange(request.options.directory);
       return 0;
     },
     [](sys::CommandLine& line, Options& options) {
       line.option("DIRECTORY", options.directory, "the release's", {.is_required = true});
     }},
    {"env", "prints what a release's start script asks for, as shell assignments", environment,
     add_stage},
    {"variables", "VM_ARGS: prints the variables without a default that this vm.args needs",
     variables,
     [](sys::CommandLine& line, Options& options) {
       line.option("VM_ARGS", options.file, "the file; VM_ARGS.src, where that is there",
                   {.is_required = true});
     }},
};

}  // namespace

std::vector<const Subcommand*> possible_subcommands(int argc, char** argv) {
  std::vector<const Subcommand*> named, all;
  for (const Subcommand& subcommand : kSubcommands) {
    all.push_back(&subcommand);
    const auto is_name = [&](const char* word) {
      return subcommand.name == std::string_view(word);
    };
    if (std::any_of(argv + 1, argv + argc, is_name)) named.push_back(&subcommand);
  }
  return named.empty() ? all : named;
}

}  // namespace relmk::nodetool
