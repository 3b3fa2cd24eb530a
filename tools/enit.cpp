// enit: dynamic releases. A release is a file that names applications and their configuration; what
// it runs is what is installed on the host.
#include <fmt/format.h>

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
const CLI::Range kSeconds(0.0, 1e9);

using Add = void (*)(CLI::App&, Options&);

void add_release(CLI::App& app, Options& options) {
  app.add_option("RELEASE", options.release, "the release")->required();
  app.add_flag("-m,--match", options.match,
               "where there is none of that name, the first whose name contains it");
}
void add_timeout(CLI::App& app, Options& options) {
  app.add_option("--timeout", options.timeout, "seconds the node may take to answer")
      ->capture_default_str()
      ->check(kSeconds);
}
void add_wait(CLI::App& app, Options& options) {
  app.add_option("--wait", options.wait, "seconds the node may take to answer, and for all else")
      ->capture_default_str()
      ->check(kSeconds);
}
void add_json(CLI::App& app, Options& options) {
  app.add_flag("--json", options.json, "as JSON");
}
void add_cookie(CLI::App& app, Options& options) {
  app.add_flag("--cookie", options.cookie, "shows the cookie, not only at a terminal");
}
void add_start(CLI::App& app, Options& options) {
  add_release(app, options);
  add_timeout(app, options);
  app.add_flag("-s,--syslog", options.syslog, "messages go to syslog, too");
  app.add_option("--start-retries", options.start_retries,
                 "how often to try again when an application fails to start, or infinity")
      ->check([](const std::string& text) {
        return retries(text) ? std::string() : "expected a number or infinity";
      });
  app.add_option("--start-delay", options.start_delay, "seconds before trying again")
      ->check(kSeconds);
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
       [](CLI::App& app, Options& options) {
         add_start(app, options);
         app.add_option("--wait", options.wait, "seconds it may take")
             ->capture_default_str()
             ->check(kSeconds);
         app.add_option("--log-dir", options.log_directory, "where the node's output goes");
       }},
      {"stop", "stops the node, returns when its process is gone", stop_node,
       [](CLI::App& app, Options& options) {
         add_release(app, options);
         add_timeout(app, options);
       }},
      {"status", "tells about the release and its node", print_status,
       [](CLI::App& app, Options& options) {
         add_release(app, options);
         add_timeout(app, options);
         add_json(app, options);
         add_cookie(app, options);
       }},
      {"list", "a line for each release", print_list,
       [](CLI::App& app, Options& options) {
         add_timeout(app, options);
         app.add_flag("--names", options.names, "only their names; no node is asked");
       }},
      {"config", "prints the effective configuration, and where it stands", print_configuration,
       [](CLI::App& app, Options& options) {
         add_release(app, options);
         app.add_option("APP", options.application, "only that application's");
         add_json(app, options);
         app.add_flag("--terms", options.terms, "as one Erlang term");
         add_cookie(app, options);
       }},
      {"check", "says all that is wrong with a release", check_release, add_release},
      {"reconfigure", "applies what has changed in the configuration", reconfigure_node,
       [](CLI::App& app, Options& options) {
         add_release(app, options);
         app.add_flag("--dry-run", options.dry_run, "shows what would be changed, changes nothing");
         app.add_flag("--keep", options.keep, "when a callback fails, what was changed stays");
         app.add_option("--timeout", options.callback_timeout, "seconds that a callback may take")
             ->capture_default_str()
             ->check(kSeconds);
         add_wait(app, options);
       }},
      {"update", "exchanges the node's applications for those that are installed now", update_node,
       [](CLI::App& app, Options& options) {
         add_release(app, options);
         app.add_flag("--dry-run", options.dry_run, "shows versions and modules, changes nothing");
         app.add_flag("--back", options.back, "to what it ran before the last update");
         app.add_option("--timeout", options.callback_timeout, "seconds that a process may take")
             ->capture_default_str()
             ->check(kSeconds);
         add_wait(app, options);
       }},
      {"remsh", "a shell of the node; Ctrl-D leaves it", run_shell,
       [](CLI::App& app, Options& options) {
         add_release(app, options);
         add_timeout(app, options);
       }},
      {"traceip", "prints what a trace port of dbg sends", print_trace_of_port,
       [](CLI::App& app, Options& options) {
         app.set_help_flag("--help", "Print this help message and exit");
         app.add_option("PORT", options.port, "the port")->required()->check(CLI::Range(1, 65535));
         app.add_option("-h,--host", options.host, "the host")->capture_default_str();
         app.add_option("--timeout", options.timeout, "seconds the host may take to answer")
             ->capture_default_str()
             ->check(kSeconds);
       }},
      {"tracefile", "prints what a trace port of dbg has written to a file", print_trace_of_file,
       [](CLI::App& app, Options& options) {
         app.add_option("FILE", options.source, "the file")->required();
         app.add_flag("-f,--follow", options.follow, "what is added to it, too");
       }},
      {"unit", "prints a systemd unit", print_unit, add_release},
      {"init", "writes a first release.enit, and a cookie", initialize,
       [](CLI::App& app, Options& options) {
         app.add_option("NAME", options.release, "the release")->required();
         app.add_option("APP", options.applications, "its applications")->required();
       }},
      {"completion", "prints a completion script for a shell", print_completion,
       [](CLI::App& app, Options& options) {
         app.add_option("SHELL", options.shell, "bash (also for zsh) or fish")
             ->capture_default_str()
             ->check(CLI::IsMember({"bash", "zsh", "fish"}));
       }},
  };
  return all;
}

// What completes a command line: of each command its words that begin with two dashes.
std::vector<CompletedCommand> completed_commands() {
  std::vector<CompletedCommand> all;
  for (const Subcommand& subcommand : subcommands()) {
    CLI::App app;
    Options options;
    subcommand.add(app, options);
    CompletedCommand command{subcommand.name, subcommand.about, false, {}};
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames())
        command.options.push_back("--" + name);
      if (option->get_name(true) == "RELEASE") command.takes_release = true;
    }
    all.push_back(std::move(command));
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
  CLI::App app("Dynamic Erlang releases: of the applications that are installed on this host.",
               "enit");
  Options options;
  app.add_option("--release-dir", options.release_directory,
                 "where releases are: ENIT_RELEASE_DIR, /var/lib/enit");
  app.add_option("--config-dir", options.config_directory,
                 "where their configuration is: ENIT_CONFIG_DIR, /etc/enit");
  const Subcommand* wanted = nullptr;
  for (const Subcommand& subcommand : subcommands()) {
    CLI::App* sub = app.add_subcommand(subcommand.name, subcommand.about);
    sub->fallthrough();
    subcommand.add(*sub, options);
    sub->callback([&wanted, &subcommand] { wanted = &subcommand; });
  }
  return sys::run_tool(app, argc, argv, [&] {
    if (wanted == nullptr) {
      fmt::print("{}", app.help());
      return 0;
    }
    return node::read_answers([&] { return wanted->run({options, sys::process_environment()}); });
  });
}
