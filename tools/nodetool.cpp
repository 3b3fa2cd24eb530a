// nodetool: asks a running node, over Erlang distribution, without a VM on this side.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <optional>

#include "node/commands/elixir_evaluation.h"
#include "node/commands/evaluate.h"
#include "node/commands/node_status.h"
#include "node/commands/stop_node.h"
#include "node/commands/vm_shell.h"
#include "node/console/remote_shell.h"
#include "node/distribution/node_error.h"
#include "node/session/call_arguments.h"
#include "node/session/odd_answer.h"
#include "node/session/standard_session.h"
#include "node/upgrade/journal.h"
#include "node/upgrade/release_commands.h"
#include "start/release_place.h"
#include "start/shell_assignments.h"
#include "start/vm_args.h"
#include "sys/environment.h"
#include "sys/exchange.h"
#include "sys/output.h"
#include "sys/tool.h"

using namespace relmk;

namespace {

struct Options {
  node::TargetOptions target;
  std::optional<double> timeout;  // seconds
  double wait = 0;                // seconds: ping
  double patience = 60;           // seconds: stop, restart
  bool quiet = false;             // stop
  node::WorkOptions work;         // rpc, rpcterms, eval
  bool json = false;              // status
  std::string version;            // install, …
  std::string directory;          // finish
  node::UpgradeOptions upgrade;   // install
  double within = 60, process_limit = 5, code_change_limit = 60, upgrade_wait = 300;  // seconds
  bool temporary = false;                                                             // install
  bool by_vm = false;              // remote_console
  start::ScriptRequest script;     // env
  std::vector<std::string> words;  // rpc, rpcterms, eval, elixir, env
};

// The options with the environment: what a command is done with.
struct Request {
  const Options& options;
  const sys::Environment environment = sys::process_environment();

  static std::chrono::milliseconds time(double seconds) {
    return std::chrono::milliseconds(seconds > 0 ? static_cast<long>(seconds * 1000) : 0);
  }
  std::chrono::milliseconds timeout() const {
    const std::chrono::milliseconds said = node::rpc_timeout(environment);
    return options.timeout ? time(*options.timeout) : said;
  }
  std::chrono::milliseconds patience() const { return time(options.patience); }
  node::Target target() const { return node::find_target(options.target, environment); }
};

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

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

int eval(const Request& request) {
  const std::vector<std::string>& words = request.options.words;
  const node::WorkOptions& work = request.options.work;
  if (words.size() == 1 && words[0] == "-") {
    return node::evaluate_input(request.target(), request.timeout(), work);
  }
  return node::evaluate_text(request.target(), request.timeout(), joined(words), work);
}

// An expression may take as long as it likes, unless somebody says.
int elixir(const Request& request) {
  node::StandardSession session(request.target(), request.timeout());
  node::Rpc& rpc = session.rpc();
  if (request.options.work.keep_output) {
    const Term user = rpc.call("erlang", "whereis", {Term::atom("user")});
    if (user.kind() == term::TermKind::Pid) rpc.set_group_leader(user);
  }
  const bool limited = request.options.timeout || request.environment.contains("RELX_RPC_TIMEOUT");
  return node::evaluate_elixir(rpc, joined(request.options.words),
                               limited ? rpc.deadline() : node::Deadline::never());
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

node::UpgradeOptions upgrade_options(const Options& options) {
  node::UpgradeOptions upgrade = options.upgrade;
  upgrade.permanent = !options.temporary;
  upgrade.within = Request::time(options.within);
  upgrade.process = Request::time(options.process_limit);
  upgrade.code_change = Request::time(options.code_change_limit);
  upgrade.wait = Request::time(options.upgrade_wait);
  return upgrade;
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
  return 0;
}

// More than that no clock can count.
const CLI::Range kSeconds(0.0, 1e9);

using Add = void (*)(CLI::App&, Options&);
void add_nothing(CLI::App&, Options&) {}
void add_work(CLI::App& app, Options& options) {
  app.add_flag("--keep-output", options.work.keep_output,
               "what is printed goes to the node's output");
  app.add_flag("--keep-running", options.work.keep_running,
               "it goes on when nodetool ends before it");
  app.prefix_command();
}
void add_elixir(CLI::App& app, Options& options) {
  app.add_flag("--keep-output", options.work.keep_output,
               "what is printed goes to the node's output");
  app.prefix_command();
}
void add_patience(CLI::App& app, Options& options) {
  app.add_option("--wait", options.patience, "seconds it may take")
      ->capture_default_str()
      ->check(kSeconds);
}
void add_version(CLI::App& app, Options& options) {
  app.add_option("VERSION", options.version, "a version of the release")->required();
}
void add_limits(CLI::App& app, Options& options) {
  add_version(app, options);
  app.add_option("--process-limit", options.process_limit,
                 "seconds that a process has to answer a check")
      ->capture_default_str()
      ->check(kSeconds);
  app.add_option("--wait", options.upgrade_wait, "seconds for all of it, and for a node to be back")
      ->capture_default_str()
      ->check(kSeconds);
}
void add_installation(CLI::App& app, Options& options) {
  add_limits(app, options);
  app.add_flag("--no-permanent", options.temporary, "does not start it after a restart");
  app.add_option("--verify", options.upgrade.verify,
                 "goes back to the old version unless this command of sh ends with 0")
      ->excludes("--no-permanent");
  app.add_option("--within", options.within, "seconds that this command has")
      ->capture_default_str()
      ->check(kSeconds);
  app.add_option("--code-change-limit", options.code_change_limit,
                 "seconds that a process has to change its state")
      ->capture_default_str()
      ->check(kSeconds);
}
void add_stage(CLI::App& app, Options& options) {
  start::ScriptRequest& script = options.script;
  const auto add = [&](const char* flag, start::StartStage stage, const char* about) {
    app.add_flag_callback(
        flag, [&script, stage] { script.start.stage = stage; }, about);
  };
  add("--start", start::StartStage::Starting, "also writes the files that the VM starts with");
  add("--before-hooks", start::StartStage::BeforeHooks,
      "also writes vm.args and sys.config with their variables replaced");
  add("--after-hooks", start::StartStage::AfterHooks,
      "as --start, with vm.args and sys.config as they are");
  app.add_flag_callback(
      "--nameless",
      [&script] {
        script.start.stage = start::StartStage::Starting;
        script.start.nameless = true;
      },
      "as --start, for a VM that need not be a node");
  app.add_option("--pid", script.pid, "the process that becomes the VM");
  app.footer("What follows the word `arguments` are those of the command that starts it.");
  app.prefix_command();
}

struct Subcommand {
  const char* name;
  const char* about;
  int (*run)(const Request&);
  Add add = add_nothing;
  const char* words = nullptr;  // what must follow, in words of the usage
};

const Subcommand kSubcommands[] = {
    {"ping", "prints pong when the node answers", ping,
     [](CLI::App& app, Options& options) {
       app.add_option("--wait", options.wait, "seconds to wait until it does")->check(kSeconds);
     }},
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
     elixir, add_elixir, "EXPRESSIONS"},
    {"iex", "IEx of the node; Ctrl-D leaves it", iex},
    {"status", "prints what runs, since when, and its memory", status,
     [](CLI::App& app, Options& options) { app.add_flag("--json", options.json, "as JSON"); }},
    {"stop", "stops the node, returns when its process is gone", stop,
     [](CLI::App& app, Options& options) {
       add_patience(app, options);
       app.add_flag("--quiet", options.quiet, "says nothing when the node does not run");
     }},
    {"restart", "restarts the node's applications in the same process, returns when they run",
     restart, add_patience},
    {"reboot", "ends the node's process; heart starts another", reboot},
    {"remote_console", "a shell of the node; Ctrl-D leaves it", remote_console,
     [](CLI::App& app, Options& options) {
       app.add_flag("--vm", options.by_vm, "by `erl -remsh`");
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
     [](CLI::App& app, Options& options) {
       app.add_option("DIRECTORY", options.directory, "the release's")->required();
     }},
    {"env", "prints what a release's start script asks for, as shell assignments", environment,
     add_stage},
};

constexpr const char* kFooter =
    "Run by a release's start script, it knows the node. The cookie is that of RELX_COOKIE,\n"
    "else of --cookie-file, else (for a node type of Kazoo) of config.ini, else of -setcookie\n"
    "in vm.args or (of a release) in ERL_FLAGS, else of ~/.erlang.cookie, else of\n"
    "erlang/.erlang.cookie in XDG_CONFIG_HOME.\n"
    "The node may take RELX_RPC_TIMEOUT seconds to answer (60).";

void add_options(CLI::App& app, Options& options) {
  node::TargetOptions& target = options.target;
  app.add_option("-n,--node", target.node, "the node, NAME@HOST or NAME");
  app.add_option_function<std::string>(
         "--name-type",
         [&target](const std::string& type) {
           target.name_type = type == "name" ? start::NameType::Long : start::NameType::Short;
         },
         "name or sname: what -n is; name where it has a dot")
      ->check(CLI::IsMember({"name", "sname"}));
  app.add_option("--vm-args", target.vm_args, "the node's vm.args: name, cookie, protocol");
  app.add_option("--cookie-file", target.cookie_file, "a file that holds the cookie");
  app.add_option("--proto-dist", target.proto_dist, "inet_tcp, inet6_tcp, inet_tls or inet6_tls");
  app.add_option("--ssl-dist-optfile", target.ssl_dist_optfile,
                 "the TLS options of -proto_dist inet_tls");
  app.add_option("--dist-port", target.port, "the node's port; epmd is not asked");
  app.add_option("--timeout", options.timeout, "seconds the node may take to answer")
      ->check(kSeconds);
}

// Setting up a command costs a page or two of memory, and a ping is short: only those are that may
// be meant. That is all of them where the arguments name none.
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
  CLI::App app("Asks a running Erlang node: over its distribution, without a VM on this side.",
               "nodetool");
  Options options;
  const Subcommand* wanted = nullptr;
  add_options(app, options);
  app.require_subcommand(1);
  for (const Subcommand* subcommand : possible_subcommands(argc, argv)) {
    CLI::App* sub = app.add_subcommand(subcommand->name, subcommand->about);
    subcommand->add(*sub, options);
    sub->callback([&, sub, subcommand] {
      wanted = subcommand;
      options.words = sub->remaining();
      const bool none =
          options.words.empty() || (options.words.size() == 1 && options.words[0].empty());
      if (subcommand->words != nullptr && none) {
        throw CLI::RequiredError(std::string(subcommand->name) + ": " + subcommand->words);
      }
    });
  }
  app.footer(kFooter);
  return sys::run_tool(app, argc, argv, [&] {
    try {
      return node::read_answers([&] { return wanted->run(Request{options}); });
    } catch (const start::VmArgsError& error) {
      // relx's script has a code for each; nodetool by itself has not.
      if (!start::release_of_environment(sys::process_environment())) throw;
      sys::say(error.text());
      return static_cast<int>(error.code());
    }
  });
}
