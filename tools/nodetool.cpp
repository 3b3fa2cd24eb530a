// nodetool: asks a running node, over Erlang distribution, without a VM on this side.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "node/commands/elixir_evaluation.h"
#include "node/commands/node_status.h"
#include "node/commands/stop_node.h"
#include "node/commands/vm_shell.h"
#include "node/console/remote_shell.h"
#include "node/distribution/node_error.h"
#include "node/session/call_arguments.h"
#include "node/session/evaluator.h"
#include "node/session/session.h"
#include "node/upgrade/journal.h"
#include "node/upgrade/release_commands.h"
#include "start/release_place.h"
#include "start/shell_assignments.h"
#include "start/vm_args.h"
#include "sys/exchange.h"
#include "sys/tool.h"
#include "term/print.h"

using namespace relmk;

namespace {

struct Options {
  node::TargetOptions target;
  std::optional<double> timeout;  // seconds
  double wait = 0;                // seconds: ping
  double patience = 60;           // seconds: stop, restart
  bool quiet = false;             // stop
  bool keep_output = false;       // rpc, rpcterms, eval
  bool json = false;
  std::string version;           // install, …
  std::string directory;         // finish
  node::UpgradeOptions upgrade;  // install
  double within = 60, process_limit = 5, code_change_limit = 60, upgrade_wait = 300;  // seconds
  bool temporary = false;                                                             // install
  bool by_vm = false;              // remote_console
  start::ScriptRequest request;    // env
  std::vector<std::string> words;  // rpc, rpcterms, eval
};

// More than that no clock can count.
const CLI::Range kSeconds(0.0, 1e9);

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(seconds > 0 ? static_cast<long>(seconds * 1000) : 0);
}

std::chrono::milliseconds timeout(const Options& options) {
  return options.timeout ? milliseconds(*options.timeout) : node::rpc_timeout();
}

class Command {
 public:
  explicit Command(const Options& options)
      : session_(node::find_target(options.target), timeout(options)) {
    if (!options.keep_output) return;
    const Term user = rpc().call("erlang", "whereis", {Term::atom("user")});
    if (user.kind() == term::TermKind::Pid) rpc().set_group_leader(user);
  }
  node::Rpc& rpc() { return session_.rpc(); }
  node::StandardStreams& streams() { return session_.streams(); }

  void print(const Term& value) { session_.streams().write(node::Evaluator(rpc()).print(value)); }

 private:
  node::Session session_;
};

int ping(const Options& options) {
  const node::Target target = node::find_target(options.target);
  const node::Deadline deadline = node::Deadline::after(milliseconds(options.wait));
  for (;;) {
    try {
      // It takes the node's net_kernel to join it: nothing more is to be asked.
      node::Connection(target.address, target.cookie.value,
                       node::Deadline::after(timeout(options)));
      fmt::print("pong\n");
      return 0;
    } catch (const node::NodeError& error) {
      if (!error.may_pass() || deadline.passed()) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

int pid(const Options& options) {
  Command command(options);
  fmt::print("{}\n", command.rpc().call("os", "getpid", {}).to_utf8());
  return 0;
}

// What relx's nodetool makes of a result: some codes of its own, and {badrpc, Reason}.
int print_result(Command& command, const Term& result) {
  if (result.is_tagged("badrpc", 2)) {
    throw node::RemoteError(command.rpc().connection().node(), result[1]);
  }
  if (result.is_atom("rpc_ok")) return 0;
  if (result.is_tagged("rpc_error") && result.elements().size() >= 2 &&
      result[1].is_small_integer()) {
    if (result.elements().size() > 2) fmt::print(stderr, "{}\n", term::print_pretty(result[2]));
    return static_cast<int>(result[1].as_integer());
  }
  command.print(result);
  return 0;
}

int call(const Options& options, const node::FunctionCall& call) {
  Command command(options);
  return print_result(command, command.rpc().call(call.module, call.function, call.arguments));
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

int eval_session(Command& command) {
  node::Evaluator evaluator(command.rpc());
  int code = 0;
  const auto reply = [&](const std::string& value) { command.streams().write(value); };
  const auto failed = [&](const Error& error) {
    fmt::print(stderr, "{}\n", error.text());
    code = 1;
  };
  // The node is served while a line is waited for.
  for (;;) {
    const node::Terminal::Line line = command.streams().read_line({});
    if (line.end) break;
    evaluator.take_line(line.text, false, reply, failed);
  }
  evaluator.take_line("", true, reply, failed);
  return code;
}

int eval(const Options& options) {
  Command command(options);
  if (options.words.size() == 1 && options.words[0] == "-") return eval_session(command);
  const std::string text = join(options.words);
  fmt::print("{}", node::Evaluator(command.rpc()).evaluate(text));
  return 0;
}

int status(const Options& options) {
  Command command(options);
  const node::NodeStatus status = node::ask_status(command.rpc());
  fmt::print("{}", options.json ? node::status_json(status) : node::status_text(status));
  return 0;
}

int stop(const Options& options) {
  try {
    node::stop_node(node::find_target(options.target), timeout(options),
                    milliseconds(options.patience));
  } catch (const node::NodeError& error) {
    if (!options.quiet || !error.is_not_running()) throw;
    return 1;
  }
  return 0;
}

int restart(const Options& options) {
  node::restart_node(node::find_target(options.target), timeout(options),
                     milliseconds(options.patience));
  return 0;
}

int reboot(const Options& options) {
  Command command(options);
  const Term heart = command.rpc().call("erlang", "whereis", {Term::atom("heart")});
  command.rpc().call("init", "reboot", {});
  if (heart.is_atom("undefined")) {
    sys::warn(
        "", {},
        command.rpc().connection().node() +
            " ran without heart (-heart in vm.args): unless a supervisor does, nothing starts it "
            "again");
  }
  return 0;
}

// An expression may take as long as it likes, unless somebody says.
int elixir(const Options& options) {
  Command command(options);
  const bool limited = options.timeout || std::getenv("RELX_RPC_TIMEOUT") != nullptr;
  return node::evaluate_elixir(command.rpc(), join(options.words),
                               limited ? command.rpc().deadline() : node::Deadline::never());
}

int iex(const Options& options) {
  node::run_remote_shell(node::find_target(options.target), timeout(options),
                         node::ShellKind::Elixir);
  return 0;
}

int remote_console(const Options& options) {
  const node::Target target = node::find_target(options.target);
  if (options.by_vm) {
    node::Session session(target, timeout(options));
    return node::run_vm_shell(target, session.rpc());
  }
  node::run_remote_shell(target, timeout(options));
  return 0;
}

using ReleaseWork = std::function<void(node::ReleaseCommands&)>;

int release(const Options& options, const ReleaseWork& work) {
  const sys::Environment environment = sys::process_environment();
  const auto found = start::release_of_environment(environment);
  const auto complain = [](const Error& error) {
    std::fflush(stdout);
    fmt::print(stderr, "{}\n", error.text());
  };
  try {
    node::ReleaseCommands commands(
        node::find_target(options.target), timeout(options),
        found.value_or(start::ReleasePlace{fs::absolute("."), "", ""}), environment,
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

// The start script hides what the shell says of a nodetool that cannot run here, and so hands over
// the real standard error under another number.
void take_standard_error() {
  const char* text = std::getenv("NODETOOL_STDERR");
  if (text == nullptr) return;
  const int number = std::atoi(text);
  if (number > STDERR_FILENO && ::dup2(number, STDERR_FILENO) >= 0) ::close(number);
  ::unsetenv("NODETOOL_STDERR");
}

int environment(const Options& options) {
  start::ScriptRequest request = options.request;
  if (!options.words.empty())  // behind the word `arguments`
    request.start.arguments.assign(options.words.begin() + 1, options.words.end());
  const sys::Environment environment = sys::process_environment();
  const auto place = start::release_of_environment(environment);
  if (place && request.start.stage != start::StartStage::Asking &&
      !environment.contains("RELMK_START_DATA")) {
    node::repair_releases(*place);
  }
  fmt::print("{}", start::start_environment_script(environment, request));
  return 0;
}

using Add = void (*)(CLI::App&, Options&);
void add_nothing(CLI::App&, Options&) {}
void add_words(CLI::App& app, Options& options) {
  app.add_flag("--keep-output", options.keep_output, "what is printed goes to the node's output");
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

node::UpgradeOptions upgrade_options(const Options& options) {
  node::UpgradeOptions upgrade = options.upgrade;
  upgrade.permanent = !options.temporary;
  upgrade.within = milliseconds(options.within);
  upgrade.process = milliseconds(options.process_limit);
  upgrade.code_change = milliseconds(options.code_change_limit);
  upgrade.wait = milliseconds(options.upgrade_wait);
  return upgrade;
}

int install(const Options& options) {
  return release(options, [&](node::ReleaseCommands& all) {
    all.install(options.version, upgrade_options(options));
  });
}

struct Subcommand {
  const char* name;
  const char* about;
  int (*run)(const Options&);
  Add add = add_nothing;
};

const Subcommand kSubcommands[] = {
    {"ping", "prints pong when the node answers", ping,
     [](CLI::App& app, Options& options) {
       app.add_option("--wait", options.wait, "seconds to wait until it does")->check(kSeconds);
     }},
    {"pid", "prints the node's process id", pid},
    {"rpc", "MODULE [FUNCTION [ARGS]]: calls a function, prints its result",
     [](const Options& options) { return call(options, node::parse_rpc(options.words)); },
     add_words},
    {"rpcterms", "MODULE FUNCTION [TERM. …]: the same, each argument a term with full stop",
     [](const Options& options) { return call(options, node::parse_rpcterms(options.words)); },
     add_words},
    {"eval", "EXPRESSIONS: evaluates them there, prints the value; -: those of standard input",
     eval, add_words},
    {"elixir", "EXPRESSIONS of Elixir: evaluates them there; prints what they print, no value",
     elixir, add_words},
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
     [](const Options& options) {
       return release(options, [](node::ReleaseCommands& all) { all.list(); });
     }},
    {"check", "says what stands in the way of an upgrade, and changes nothing",
     [](const Options& options) {
       return release(options, [&](node::ReleaseCommands& all) {
         all.check(options.version, upgrade_options(options));
       });
     },
     add_limits},
    {"unpack", "unpacks the package of a version into the release",
     [](const Options& options) {
       return release(options, [&](node::ReleaseCommands& all) { all.unpack(options.version); });
     },
     add_version},
    {"install", "unpacks a version where needed, and switches to it", install, add_installation},
    {"upgrade", "the same", install, add_installation},
    {"downgrade", "the same", install, add_installation},
    {"commit", "makes the version that runs permanent",
     [](const Options& options) {
       return release(options, [&](node::ReleaseCommands& all) { all.commit(options.version); });
     },
     add_version},
    {"uninstall", "removes a version that does not run",
     [](const Options& options) {
       return release(options, [&](node::ReleaseCommands& all) { all.uninstall(options.version); });
     },
     add_version},
    {"finish",
     "DIRECTORY: puts in place what an interrupted assembly of the release there has left",
     [](const Options& options) {
       sys::finish_exchange(options.directory);
       return 0;
     },
     [](CLI::App& app, Options& options) {
       app.add_option("DIRECTORY", options.directory, "the release's")->required();
     }},
    {"env", "prints what a release's start script asks for, as shell assignments", environment,
     [](CLI::App& app, Options& options) {
       const auto add = [&](const char* flag, start::StartStage stage, const char* about) {
         app.add_flag_callback(
             flag, [&options, stage] { options.request.start.stage = stage; }, about);
       };
       add("--start", start::StartStage::Starting, "also writes the files that the VM starts with");
       add("--before-hooks", start::StartStage::BeforeHooks,
           "also writes vm.args and sys.config with their variables replaced");
       add("--after-hooks", start::StartStage::AfterHooks,
           "as --start, with vm.args and sys.config as they are");
       app.add_flag_callback(
           "--nameless",
           [&options] {
             options.request.start.stage = start::StartStage::Starting;
             options.request.start.nameless = true;
           },
           "as --start, for a VM that need not be a node");
       app.add_option("--pid", options.request.pid, "the process that becomes the VM");
       app.footer("What follows the word `arguments` are those of the command that starts it.");
       app.prefix_command();
     }},
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
    });
  }
  app.footer(kFooter);
  return sys::run_tool(app, argc, argv, [&] {
    try {
      return wanted->run(options);
    } catch (const start::VmArgsError& error) {
      // relx's script has a code for each; nodetool by itself has not.
      if (!start::release_of_environment(sys::process_environment())) throw;
      fmt::print(stderr, "{}\n", error.text());
      return static_cast<int>(error.code());
    }
  });
}
