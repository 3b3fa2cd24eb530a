// enit: dynamic releases. A release is a file that names applications and their configuration; what
// it runs is what is installed on the host.
#include <fmt/format.h>

#include <algorithm>

#include "enit/commands.h"
#include "enit/completion.h"
#include "node/session/odd_answer.h"
#include "sys/environment.h"
#include "sys/tool.h"

using namespace relmk;
using namespace relmk::enit;

namespace {

using Options = CommandOptions;

int print_completion(const CommandRequest& request);

// More than that no clock can count.
constexpr sys::OptionRules::Range kSeconds{0.0, 1e9};

using Add = void (*)(sys::CommandLine&, Options&);

void add_release(sys::CommandLine& line, Options& options) {
  line.option("RELEASE", options.release, "the release", {.is_required = true});
  line.flag("-m,--match", options.match,
            "where there is none of that name, the first whose name contains it");
}
void add_timeout(sys::CommandLine& line, Options& options) {
  line.option("--timeout", options.timeout, "seconds the node may take to answer",
              {.shows_default = true, .range = kSeconds});
}
void add_wait(sys::CommandLine& line, Options& options) {
  line.option("--wait", options.wait, "seconds the node may take to answer, and for all else",
              {.shows_default = true, .range = kSeconds});
}
void add_json(sys::CommandLine& line, Options& options) {
  line.flag("--json", options.json, "as JSON");
}
void add_cookie(sys::CommandLine& line, Options& options) {
  line.flag("--cookie", options.cookie, "shows the cookie, not only at a terminal");
}
void add_start(sys::CommandLine& line, Options& options) {
  add_release(line, options);
  add_timeout(line, options);
  line.flag("-s,--syslog", options.syslog, "messages go to syslog, too");
  line.option("--start-retries", options.start_retries,
              "how often to try again when an application fails to start, or infinity",
              {.fault = [](const std::string& text) {
                return retries(text) ? std::string() : "expected a number or infinity";
              }});
  line.option("--start-delay", options.start_delay, "seconds before trying again",
              {.range = kSeconds});
}

struct Subcommand {
  const char* name;
  const char* about;
  int (*run)(const CommandRequest&);
  Add add;
};

const std::vector<Subcommand>& subcommands() {
  static const std::vector<Subcommand> all{
      {"startfg", "becomes the release's node, in the foreground", start_in_foreground, add_start},
      {"start", "starts the node in the background, returns when its applications run",
       start_in_background,
       [](sys::CommandLine& line, Options& options) {
         add_start(line, options);
         line.option("--wait", options.wait, "seconds it may take",
                     {.shows_default = true, .range = kSeconds});
         line.option("--log-dir", options.log_directory, "where the node's output goes");
       }},
      {"stop", "stops the node, returns when its process is gone", stop_node,
       [](sys::CommandLine& line, Options& options) {
         add_release(line, options);
         add_timeout(line, options);
       }},
      {"status", "tells about the release and its node", print_status,
       [](sys::CommandLine& line, Options& options) {
         add_release(line, options);
         add_timeout(line, options);
         add_json(line, options);
         add_cookie(line, options);
       }},
      {"list", "a line for each release", print_list,
       [](sys::CommandLine& line, Options& options) {
         add_timeout(line, options);
         line.flag("--names", options.names, "only their names; no node is asked");
       }},
      {"config", "prints the effective configuration, and where it stands", print_configuration,
       [](sys::CommandLine& line, Options& options) {
         add_release(line, options);
         line.option("APP", options.application, "only that application's");
         add_json(line, options);
         line.flag("--terms", options.terms, "as one Erlang term");
         add_cookie(line, options);
       }},
      {"check", "says all that is wrong with a release", check_release, add_release},
      {"reconfigure", "applies what has changed in the configuration", reconfigure_node,
       [](sys::CommandLine& line, Options& options) {
         add_release(line, options);
         line.flag("--dry-run", options.dry_run, "shows what would be changed, changes nothing");
         line.flag("--keep", options.keep, "when a callback fails, what was changed stays");
         line.option("--timeout", options.callback_timeout, "seconds that a callback may take",
                     {.shows_default = true, .range = kSeconds});
         add_wait(line, options);
       }},
      {"update", "exchanges the node's applications for those that are installed now", update_node,
       [](sys::CommandLine& line, Options& options) {
         add_release(line, options);
         line.flag("--dry-run", options.dry_run, "shows versions and modules, changes nothing");
         line.flag("--back", options.back, "to what it ran before the last update");
         line.option("--timeout", options.callback_timeout, "seconds that a process may take",
                     {.shows_default = true, .range = kSeconds});
         add_wait(line, options);
       }},
      {"remsh", "a shell of the node; Ctrl-D leaves it", run_shell,
       [](sys::CommandLine& line, Options& options) {
         add_release(line, options);
         add_timeout(line, options);
       }},
      {"traceip", "prints what a trace port of dbg sends", print_trace_of_port,
       [](sys::CommandLine& line, Options& options) {
         line.give_up_short_help();
         line.option("PORT", options.port, "the port",
                     {.is_required = true, .range = {{1, 65535}}});
         line.option("-h,--host", options.host, "the host", {.shows_default = true});
         line.option("--timeout", options.timeout, "seconds the host may take to answer",
                     {.shows_default = true, .range = kSeconds});
       }},
      {"tracefile", "prints what a trace port of dbg has written to a file", print_trace_of_file,
       [](sys::CommandLine& line, Options& options) {
         line.option("FILE", options.source, "the file", {.is_required = true});
         line.flag("-f,--follow", options.follow, "what is added to it, too");
       }},
      {"unit", "prints a systemd unit", print_unit, add_release},
      {"init", "writes a first release.enit, and a cookie", initialize,
       [](sys::CommandLine& line, Options& options) {
         line.option("NAME", options.release, "the release", {.is_required = true});
         line.option("APP", options.applications, "its applications", {.is_required = true});
       }},
      {"completion", "prints a completion script for a shell", print_completion,
       [](sys::CommandLine& line, Options& options) {
         line.option("SHELL", options.shell, "bash (also for zsh) or fish",
                     {.shows_default = true, .choices = {"bash", "zsh", "fish"}});
       }},
  };
  return all;
}

// What completes a command line: of each command its words that begin with two dashes.
std::vector<CompletedCommand> completed_commands() {
  std::vector<CompletedCommand> all;
  for (const Subcommand& subcommand : subcommands()) {
    sys::CommandLine line(subcommand.name, subcommand.about);
    Options options;
    subcommand.add(line, options);
    const std::vector<std::string> operands = line.operands();
    const bool takes_release =
        std::find(operands.begin(), operands.end(), "RELEASE") != operands.end();
    all.push_back({subcommand.name, subcommand.about, takes_release, line.long_names()});
  }
  return all;
}

int print_completion(const CommandRequest& request) {
  const auto text = request.options.shell == "fish" ? fish_completion : bash_completion;
  fmt::print("{}", text(completed_commands()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  sys::CommandLine line(
      "enit", "Dynamic Erlang releases: of the applications that are installed on this host.");
  Options options;
  line.option("--release-dir", options.release_directory,
              "where releases are: ENIT_RELEASE_DIR, /var/lib/enit");
  line.option("--config-dir", options.config_directory,
              "where their configuration is: ENIT_CONFIG_DIR, /etc/enit");
  const Subcommand* wanted = nullptr;
  for (const Subcommand& subcommand : subcommands()) {
    sys::CommandLine& command = line.command(subcommand.name, subcommand.about);
    command.take_outer_options();
    subcommand.add(command, options);
    command.when_parsed([&wanted, &subcommand] { wanted = &subcommand; });
  }
  return sys::run_tool(line, argc, argv, [&] {
    if (wanted == nullptr) {
      fmt::print("{}", line.help());
      return 0;
    }
    return node::read_answers([&] { return wanted->run({options, sys::process_environment()}); });
  });
}
