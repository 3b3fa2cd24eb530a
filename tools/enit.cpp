// enit: dynamic releases. A release is a file that names applications and their configuration; what
// it runs is what is installed on the host.
#include <fmt/format.h>
#include <unistd.h>

#include <functional>

#include "enit/check.h"
#include "enit/completion.h"
#include "enit/configuration_text.h"
#include "enit/operator_files.h"
#include "enit/reconfigure.h"
#include "enit/start.h"
#include "enit/status.h"
#include "enit/trace.h"
#include "enit/update.h"
#include "node/commands/stop_node.h"
#include "node/console/remote_shell.h"
#include "node/session/odd_answer.h"
#include "start/start_environment.h"
#include "sys/output.h"
#include "sys/tool.h"

using namespace relmk;
using namespace relmk::enit;

namespace {

using std::chrono::milliseconds;

struct Options {
  std::string release_directory;
  std::string config_directory;
  std::string release;
  std::string application;  // config
  bool match = false;
  bool syslog = false;
  bool json = false;
  bool terms = false;  // config
  bool cookie = false;
  double timeout = 5;  // seconds a node may take to answer
  double wait = 60;    // seconds: start
  std::string start_retries;
  std::optional<double> start_delay;  // seconds
  std::string log_directory;
  std::string host = "127.0.0.1";         // traceip
  std::string source;                     // traceip: port; tracefile: file
  bool follow = false;                    // tracefile
  bool names = false;                     // list
  std::vector<std::string> applications;  // init
  std::string shell = "bash";             // completion
  bool dry_run = false;
  bool keep = false;             // reconfigure
  bool back = false;             // update
  double callback_timeout = 30;  // seconds: reconfigure
};

// More than that no clock can count.
const CLI::Range kSeconds(0.0, 1e9);

milliseconds duration(double seconds) {
  return milliseconds(static_cast<long>(seconds * 1000));
}

Places places(const Options& options) {
  return find_places(options.release_directory, options.config_directory,
                     start::process_environment());
}

enit::ReleasePlace place(const Options& options) {
  return find_release(places(options), options.release, options.match ? Match::Part : Match::Exact);
}

// A cookie is shown to who could read the file as well, at a terminal, or who asks for it.
bool shows_cookie(const Options& options) {
  return options.cookie || ::isatty(STDOUT_FILENO) != 0;
}

int config(const Options& options) {
  const Release release = read_release(place(options));
  ConfigurationView view;
  view.with_cookie = shows_cookie(options);
  if (!options.application.empty()) view.application = options.application;
  const auto text = options.json    ? configuration_json
                    : options.terms ? configuration_term
                                    : configuration_text;
  fmt::print("{}", text(release.configuration, view));
  return 0;
}

int check_release(const Options& options) {
  const Faults faults = check(place(options), sys::process_environment());
  for (const Error& fault : faults.all())
    sys::say(fault.text());
  return faults.none() ? 0 : 1;
}

// What the command line says goes before what {node, […]} says, that before the command's own.
StartOptions start_options(const Options& options, const NodeSettings& node,
                           NodeSettings::Retries by_itself) {
  StartOptions start;
  start.retries = options.start_retries.empty() ? node.start_retries.value_or(by_itself)
                                                : retries(options.start_retries).value();
  start.delay =
      options.start_delay ? duration(*options.start_delay) : node.start_delay.value_or(start.delay);
  start.syslog = options.syslog;
  return start;
}

int start_in_foreground(const Options& options) {
  const Release release = read_release(place(options));
  const StartOptions start = start_options(options, release.node, {std::nullopt});
  become_node(prepare_node(release, start, start::process_environment()));
}

// The words of `enit startfg` that start the same node.
std::vector<std::string> foreground_command(const Options& options, const Release& release,
                                            const StartOptions& start) {
  std::error_code ignored;
  std::vector<std::string> words{fs::read_symlink("/proc/self/exe", ignored).string(), "startfg",
                                 release.name()};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {option, value});
  };
  const auto absolute = [](const std::string& path) {
    return path.empty() ? path : fs::absolute(path).string();
  };
  add("--release-dir", absolute(options.release_directory));
  add("--config-dir", absolute(options.config_directory));
  add("--start-retries", start.retries.count ? std::to_string(*start.retries.count) : "infinity");
  add("--start-delay", fmt::format("{:g}", static_cast<double>(start.delay.count()) / 1000.0));
  if (start.syslog) words.emplace_back("--syslog");
  return words;
}

int start(const Options& options) {
  const Release release = read_release(place(options));
  const StartOptions start = start_options(options, release.node, {0});
  // So that what is wrong is told here, and not in a log.
  prepare_node(release, start, start::process_environment());
  BackgroundOptions background;
  background.command = foreground_command(options, release, start);
  background.log_directory = options.log_directory;
  background.patience = duration(options.wait);
  start_in_background(release, background, start::process_environment());
  return 0;
}

int stop(const Options& options) {
  const Release release = read_release(place(options));
  node::stop_node(release.target(sys::process_environment()), duration(options.timeout),
                  release.node.stop_timeout);
  return 0;
}

int status(const Options& options) {
  ReleaseStatus status = ask_status(read_release(place(options)), duration(options.timeout),
                                    sys::process_environment());
  if (!shows_cookie(options)) status.cookie.clear();
  fmt::print("{}", options.json ? status_json(status) : status_text(status));
  return 0;
}

int list(const Options& options) {
  if (options.names) {
    for (const std::string& name : release_names(places(options)))
      fmt::print("{}\n", name);
    return 0;
  }
  fmt::print("{}",
             list_text(places(options), duration(options.timeout), sys::process_environment()));
  return 0;
}

int reconfigure_node(const Options& options) {
  ReconfigureOptions reconfiguration;
  reconfiguration.dry_run = options.dry_run;
  reconfiguration.keep = options.keep;
  reconfiguration.timeout = duration(options.callback_timeout);
  fmt::print("{}", reconfigure(read_release(place(options)), reconfiguration,
                               start::process_environment()));
  return 0;
}

int update_node(const Options& options) {
  UpdateOptions update;
  update.dry_run = options.dry_run;
  update.back = options.back;
  update.timeout = duration(options.callback_timeout);
  fmt::print("{}",
             enit::update(read_release(place(options)), update, start::process_environment()));
  return 0;
}

int remsh(const Options& options) {
  node::run_remote_shell(read_release(place(options)).target(sys::process_environment()),
                         std::chrono::seconds(60), start::process_environment());
  return 0;
}

// Nothing is lost at a slow terminal: it is waited for, and the node counts what it drops
// meanwhile.
void write_trace(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw sys::system_error("", "cannot write to standard output", errno);
  }
}

int traceip(const Options& options) {
  trace_ip(options.host, options.source, write_trace);
  return 0;
}

int tracefile(const Options& options) {
  trace_file(options.source, options.follow, write_trace);
  return 0;
}

int unit(const Options& options) {
  std::error_code ignored;
  fmt::print("{}", systemd_unit(read_release(place(options)),
                                fs::read_symlink("/proc/self/exe", ignored).string()));
  return 0;
}

int init(const Options& options) {
  for (const fs::path& file :
       initialize_release(places(options), options.release, options.applications))
    fmt::print("{}\n", file.string());
  return 0;
}

int completion(const Options&);

// Options of commands.
using Add = std::function<void(CLI::App&, Options&)>;

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
void add_syslog(CLI::App& app, Options& options) {
  app.add_flag("-s,--syslog", options.syslog, "messages go to syslog, too");
}
void add_json(CLI::App& app, Options& options) {
  app.add_flag("--json", options.json, "as JSON");
}
void add_cookie(CLI::App& app, Options& options) {
  app.add_flag("--cookie", options.cookie, "shows the cookie, not only at a terminal");
}
void add_start(CLI::App& app, Options& options) {
  add_release(app, options);
  add_syslog(app, options);
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
  int (*run)(const Options&);
  Add add;
};

const std::vector<Subcommand>& subcommands() {
  static const std::vector<Subcommand> all{
      {"startfg", "becomes the release's node, in the foreground", start_in_foreground, add_start},
      {"start", "starts the node in the background, returns when its applications run", start,
       [](CLI::App& app, Options& options) {
         add_start(app, options);
         app.add_option("--wait", options.wait, "seconds it may take")
             ->capture_default_str()
             ->check(kSeconds);
         app.add_option("--log-dir", options.log_directory, "where the node's output goes");
       }},
      {"stop", "stops the node, returns when its process is gone", stop,
       [](CLI::App& app, Options& options) {
         add_release(app, options);
         add_timeout(app, options);
       }},
      {"status", "tells about the release and its node", status,
       [](CLI::App& app, Options& options) {
         add_release(app, options);
         add_timeout(app, options);
         add_json(app, options);
         add_cookie(app, options);
       }},
      {"list", "a line for each release", list,
       [](CLI::App& app, Options& options) {
         add_timeout(app, options);
         app.add_flag("--names", options.names, "only their names; no node is asked");
       }},
      {"config", "prints the effective configuration, and where it stands", config,
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
       }},
      {"update", "exchanges the node's applications for those that are installed now", update_node,
       [](CLI::App& app, Options& options) {
         add_release(app, options);
         app.add_flag("--dry-run", options.dry_run, "shows versions and modules, changes nothing");
         app.add_flag("--back", options.back, "to what it ran before the last update");
         app.add_option("--timeout", options.callback_timeout, "seconds that a process may take")
             ->capture_default_str()
             ->check(kSeconds);
       }},
      {"remsh", "a shell of the node; Ctrl-D leaves it", remsh, add_release},
      {"traceip", "prints what a trace port of dbg sends", traceip,
       [](CLI::App& app, Options& options) {
         app.set_help_flag("--help", "Print this help message and exit");
         app.add_option("PORT", options.source, "the port")
             ->required()
             ->check(CLI::Range(1, 65535));
         app.add_option("-h,--host", options.host, "the host")->capture_default_str();
       }},
      {"tracefile", "prints what a trace port of dbg has written to a file", tracefile,
       [](CLI::App& app, Options& options) {
         app.add_option("FILE", options.source, "the file")->required();
         app.add_flag("-f,--follow", options.follow, "what is added to it, too");
       }},
      {"unit", "prints a systemd unit", unit, add_release},
      {"init", "writes a first release.enit, and a cookie", init,
       [](CLI::App& app, Options& options) {
         app.add_option("NAME", options.release, "the release")->required();
         app.add_option("APP", options.applications, "its applications")->required();
       }},
      {"completion", "prints a completion script for a shell", completion,
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

int completion(const Options& options) {
  const auto text = options.shell == "fish" ? fish_completion : bash_completion;
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
    return node::read_answers([&] { return wanted->run(options); });
  });
}
