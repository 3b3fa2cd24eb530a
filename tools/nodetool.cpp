// nodetool: asks a running node, over Erlang distribution, without a VM on this side.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "conf/vm_args.h"
#include "node/call_arguments.h"
#include "node/evaluator.h"
#include "node/node_error.h"
#include "node/node_status.h"
#include "node/release_versions.h"
#include "node/remote_shell.h"
#include "node/session.h"
#include "node/start_environment.h"
#include "node/stop_node.h"
#include "node/vm_shell.h"
#include "sys/tool.h"
#include "term/print.h"

using namespace relmk;

namespace {

struct Options {
  TargetOptions target;
  std::optional<double> timeout;  // seconds
  double wait = 0;                // seconds: ping
  double patience = 60;           // seconds: stop
  bool json = false;
  std::string version;     // install, …
  bool temporary = false;  // install
  bool by_vm = false;      // remote_console
};

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
}

std::chrono::milliseconds timeout(const Options& options) {
  return options.timeout ? milliseconds(*options.timeout) : rpc_timeout();
}

class Command {
 public:
  explicit Command(const Options& options)
      : session_(find_target(options.target), timeout(options)) {}
  Rpc& rpc() { return session_.rpc(); }
  StandardStreams& streams() { return session_.streams(); }

  void print(const Term& value) { session_.streams().write(Evaluator(rpc()).print(value)); }

 private:
  Session session_;
};

int ping(const Options& options) {
  const Target target = find_target(options.target);
  const Deadline deadline = Deadline::after(milliseconds(options.wait));
  for (;;) {
    try {
      // It takes the node's net_kernel to join it: nothing more is to be asked.
      Connection(target.address, target.cookie.value, Deadline::after(timeout(options)));
      fmt::print("pong\n");
      return 0;
    } catch (const NodeError& error) {
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
    throw RemoteError(command.rpc().connection().node(), result[1]);
  }
  if (result.is_atom("rpc_ok")) return 0;
  if (result.is_tagged("rpc_error") && result.elements().size() >= 2 &&
      result[1].is_small_integer()) {
    if (result.elements().size() > 2) fmt::print(stderr, "{}\n", print_pretty(result[2]));
    return static_cast<int>(result[1].as_integer());
  }
  command.print(result);
  return 0;
}

int rpc(const Options& options, const FunctionCall& call) {
  Command command(options);
  return print_result(command, command.rpc().call(call.module, call.function, call.arguments));
}

int eval_session(Command& command) {
  Evaluator evaluator(command.rpc());
  int code = 0;
  const auto reply = [&](const std::string& value) {
    fmt::print("{}", value);
    std::fflush(stdout);
  };
  const auto failed = [&](const Error& error) {
    fmt::print(stderr, "{}\n", error.text());
    code = 1;
  };
  // The node is served while a line is waited for.
  for (;;) {
    const Terminal::Line line = command.streams().read_line({});
    if (line.end) break;
    evaluator.take_line(line.text, false, reply, failed);
  }
  evaluator.take_line("", true, reply, failed);
  return code;
}

int eval(const Options& options, const std::vector<std::string>& words) {
  Command command(options);
  if (words.size() == 1 && words[0] == "-") return eval_session(command);
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + word;
  fmt::print("{}", Evaluator(command.rpc()).evaluate(text));
  return 0;
}

int status(const Options& options) {
  Command command(options);
  const NodeStatus status = ask_status(command.rpc());
  fmt::print("{}", options.json ? status_json(status) : status_text(status));
  return 0;
}

int stop(const Options& options) {
  Command command(options);
  stop_node(command.rpc(), milliseconds(options.patience));
  return 0;
}

int init(const Options& options, const char* function) {
  Command command(options);
  command.rpc().call("init", function, {});
  return 0;
}

int remote_console(const Options& options) {
  const Target target = find_target(options.target);
  if (options.by_vm) {
    Session session(target, timeout(options));
    return run_vm_shell(target, session.rpc());
  }
  run_remote_shell(target, timeout(options));
  return 0;
}

using VersionsWork = std::function<void(ReleaseVersions&)>;

int versions(const Options& options, const VersionsWork& work) {
  Command command(options);
  const auto release = release_of_environment(process_environment());
  ReleaseVersions versions(command.rpc(), release ? release->root : fs::path("."),
                           release ? release->name : std::string(),
                           [](const std::string& line) { fmt::print("{}\n", line); });
  try {
    work(versions);
  } catch (const ReleaseError& error) {
    std::fflush(stdout);
    fmt::print(stderr, "{}\n", error.text());
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

}  // namespace

int main(int argc, char** argv) {
  take_standard_error();
  CLI::App app("Asks a running Erlang node: over its distribution, without a VM on this side.",
               "nodetool");
  Options options;
  std::function<int()> run;
  app.require_subcommand(1);
  app.footer(
      "Run by a release's start script, it knows the node. The cookie is that of RELX_COOKIE, "
      "else\n"
      "of --cookie-file, else (for a node type of Kazoo) of config.ini, else of -setcookie in\n"
      "vm.args, else of ~/.erlang.cookie, else of erlang/.erlang.cookie in XDG_CONFIG_HOME. The "
      "node\n"
      "may take RELX_RPC_TIMEOUT seconds to answer (60).");
  app.add_option("-n,--node", options.target.node, "the node, NAME@HOST or NAME");
  app.add_option("--vm-args", options.target.vm_args, "the node's vm.args: name, cookie, protocol");
  app.add_option("--cookie-file", options.target.cookie_file, "a file that holds the cookie");
  app.add_option("--proto-dist", options.target.proto_dist,
                 "inet_tcp, inet6_tcp, inet_tls or inet6_tls");
  app.add_option("--ssl-dist-optfile", options.target.ssl_dist_optfile,
                 "the TLS options of -proto_dist inet_tls");
  app.add_option("--dist-port", options.target.port, "the node's port; epmd is not asked");
  app.add_option("--timeout", options.timeout, "seconds the node may take to answer");

  const auto command = [&](const char* name, const char* about, std::function<int()> work) {
    CLI::App* sub = app.add_subcommand(name, about);
    sub->callback([&run, work = std::move(work)] { run = work; });
    return sub;
  };
  command("ping", "prints pong when the node answers", [&] {
    return ping(options);
  })->add_option("--wait", options.wait, "seconds to wait until it does");
  command("pid", "prints the node's process id", [&] { return pid(options); });
  CLI::App* rpc_command = nullptr;
  rpc_command = command("rpc", "MODULE [FUNCTION [ARGS]]: calls a function, prints its result",
                        [&] { return rpc(options, parse_rpc(rpc_command->remaining())); });
  CLI::App* terms_command = nullptr;
  terms_command = command(
      "rpcterms", "MODULE FUNCTION [TERM. …]: the same, each argument a term with full stop",
      [&] { return rpc(options, parse_rpcterms(terms_command->remaining())); });
  CLI::App* eval_command = nullptr;
  eval_command = command("eval",
                         "EXPRESSIONS: evaluates them there, prints the value; -: those of "
                         "standard input, one after the other",
                         [&] { return eval(options, eval_command->remaining()); });
  for (CLI::App* sub : {rpc_command, terms_command, eval_command})
    sub->prefix_command();
  command("status", "prints what runs, since when, and its memory", [&] {
    return status(options);
  })->add_flag("--json", options.json, "as JSON");
  command("stop", "stops the node, returns when its process is gone", [&] { return stop(options); })
      ->add_option("--wait", options.patience, "seconds it may take")
      ->capture_default_str();
  command("restart", "restarts the node's applications in the same process",
          [&] { return init(options, "restart"); });
  command("reboot", "ends the node's process; heart starts another",
          [&] { return init(options, "reboot"); });
  command("remote_console", "a shell of the node; Ctrl-D leaves it", [&] {
    return remote_console(options);
  })->add_flag("--vm", options.by_vm, "by `erl -remsh`");
  command("versions", "lists the release's versions",
          [&] { return versions(options, [](ReleaseVersions& all) { all.list(); }); });
  const auto version_command = [&](const char* name, const char* about, const VersionsWork& work) {
    CLI::App* sub = command(name, about, [&options, work] { return versions(options, work); });
    sub->add_option("VERSION", options.version, "a version of the release")->required();
    return sub;
  };
  version_command("unpack", "unpacks the package of a version into the release",
                  [&](ReleaseVersions& all) { all.unpack(options.version); });
  for (const char* name : {"install", "upgrade", "downgrade"}) {
    version_command(name, "unpacks a version where needed, and switches to it",
                    [&](ReleaseVersions& all) { all.install(options.version, !options.temporary); })
        ->add_flag("--no-permanent", options.temporary, "does not start it after a restart");
  }
  version_command("uninstall", "removes a version that does not run",
                  [&](ReleaseVersions& all) { all.uninstall(options.version); });
  bool starting = false;
  command("env", "prints what a release's start script asks for, as shell assignments", [&] {
    fmt::print("{}", start_environment_script(process_environment(), starting));
    return 0;
  })->add_flag("--start", starting, "also writes the files that the VM is started with");
  return run_tool(app, argc, argv, [&] {
    try {
      return run();
    } catch (const VmArgsError& error) {  // relx's script has a code for each
      fmt::print(stderr, "{}\n", error.text());
      return static_cast<int>(error.code());
    }
  });
}
