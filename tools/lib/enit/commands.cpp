#include "enit/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include "enit/check.h"
#include "enit/configuration_text.h"
#include "enit/operator_files.h"
#include "enit/reconfigure.h"
#include "enit/release_list.h"
#include "enit/start.h"
#include "enit/status.h"
#include "enit/trace.h"
#include "enit/update.h"
#include "node/commands/stop_node.h"
#include "node/console/remote_shell.h"
#include "sys/output.h"
#include "sys/own_executable.h"

namespace relmk::enit {
namespace {

using std::chrono::milliseconds;

milliseconds duration(double seconds) {
  return milliseconds(static_cast<long>(seconds * 1000));
}

Places places(const CommandRequest& request) {
  return find_places(request.options.release_directory, request.options.config_directory,
                     request.environment);
}

ReleasePlace place(const CommandRequest& request) {
  return find_release(places(request), request.options.release,
                      request.options.match ? Match::Part : Match::Exact);
}

Release release_of(const CommandRequest& request) {
  return read_release(place(request), request.environment);
}

// A cookie is shown to who could read the file as well, at a terminal, or who asks for it.
bool shows_cookie(const CommandOptions& options) {
  return options.cookie || ::isatty(STDOUT_FILENO) != 0;
}

// Nothing is lost at a slow terminal: it is waited for, and the node counts what it drops
// meanwhile. That it can't be written is told at the end, as of every command.
bool write_trace(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

}  // namespace

int check_release(const CommandRequest& request) {
  const Faults faults = check(place(request), request.environment);
  for (const Error& fault : faults.all())
    sys::say(fault.text());
  return faults.none() ? 0 : 1;
}

int print_configuration(const CommandRequest& request) {
  const CommandOptions& options = request.options;
  ConfigurationView view;
  view.with_cookie = shows_cookie(options);
  if (!options.application.empty()) view.application = options.application;
  const auto text = options.json    ? configuration_json
                    : options.terms ? configuration_term
                                    : configuration_text;
  fmt::print("{}", text(release_of(request).configuration, view));
  return 0;
}

int print_unit(const CommandRequest& request) {
  // systemd hands on no environment.
  OwnCommand command{sys::own_executable().string(), {}};
  const Places all = places(request);
  if (!all.other_releases)
    command.options.insert(command.options.end(), {"--release-dir", all.releases.string()});
  if (!all.other_configurations)
    command.options.insert(command.options.end(), {"--config-dir", all.configurations.string()});
  fmt::print("{}", systemd_unit(release_of(request), command));
  return 0;
}

int initialize(const CommandRequest& request) {
  const CommandOptions& options = request.options;
  for (const fs::path& file :
       initialize_release(places(request), options.release, options.applications))
    fmt::print("{}\n", file.string());
  // It may be written on a host that has less than the one on which it is going to run.
  const Faults faults = check(place(request), request.environment);
  for (const Error& fault : faults.all())
    sys::warn(fault.file(), fault.position(), fault.message());
  return 0;
}

StartOptions start_options(const CommandOptions& options, const NodeSettings& node,
                           NodeSettings::Retries by_itself) {
  StartOptions start;
  start.retries = options.start_retries.empty() ? node.start_retries.value_or(by_itself)
                                                : retries(options.start_retries).value();
  start.delay =
      options.start_delay ? duration(*options.start_delay) : node.start_delay.value_or(start.delay);
  start.syslog = options.syslog;
  start.patience = duration(options.timeout);
  return start;
}

std::vector<std::string> foreground_command(const std::string& executable,
                                            const CommandOptions& options,
                                            const std::string& release, const StartOptions& start) {
  std::vector<std::string> words{executable, "startfg", release};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {option, value});
  };
  const auto absolute = [](const std::string& path) {
    return path.empty() ? path : fs::absolute(path).string();
  };
  const auto seconds = [](milliseconds time) {
    return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1000.0);
  };
  add("--release-dir", absolute(options.release_directory));
  add("--config-dir", absolute(options.config_directory));
  add("--start-retries", start.retries.count ? std::to_string(*start.retries.count) : "infinity");
  add("--start-delay", seconds(start.delay));
  add("--timeout", seconds(start.patience));
  if (start.syslog) words.emplace_back("--syslog");
  return words;
}

int start_in_foreground(const CommandRequest& request) {
  try {
    const Release release = release_of(request);
    const StartOptions start = start_options(request.options, release.node, {std::nullopt});
    become_node(prepare_node(release, start, request.environment));
  } catch (const Error& error) {
    tell_starter(error, request.environment);
    throw;
  }
}

int start_in_background(const CommandRequest& request) {
  const Release release = release_of(request);
  const StartOptions start = start_options(request.options, release.node, {0});
  // So that what is wrong is told here, and not in a log.
  prepare_node(release, start, request.environment);
  BackgroundOptions background;
  background.command =
      foreground_command(sys::own_executable().string(), request.options, release.name(), start);
  background.log_directory = request.options.log_directory;
  background.patience = duration(request.options.wait);
  start_in_background(release, background, request.environment);
  return 0;
}

int stop_node(const CommandRequest& request) {
  const Release release = release_of(request);
  node::stop_node(release.target(request.environment), duration(request.options.timeout),
                  release.node.stop_timeout);
  return 0;
}

int print_status(const CommandRequest& request) {
  ReleaseStatus status =
      ask_status(release_of(request), duration(request.options.timeout), request.environment);
  if (!shows_cookie(request.options)) status.cookie.clear();
  fmt::print("{}", request.options.json ? status_json(status) : status_text(status));
  return 0;
}

int print_list(const CommandRequest& request) {
  const Places all = places(request);
  if (!request.options.names) {
    fmt::print("{}", list_text(all, duration(request.options.timeout), request.environment));
    return 0;
  }
  for (const std::string& name : release_names(all))
    fmt::print("{}\n", name);
  return 0;
}

int reconfigure_node(const CommandRequest& request) {
  ReconfigureOptions options;
  options.dry_run = request.options.dry_run;
  options.keep = request.options.keep;
  options.timeout = duration(request.options.callback_timeout);
  options.patience = duration(request.options.wait);
  fmt::print("{}", reconfigure(release_of(request), options, request.environment));
  return 0;
}

int update_node(const CommandRequest& request) {
  UpdateOptions options;
  options.dry_run = request.options.dry_run;
  options.back = request.options.back;
  options.timeout = duration(request.options.callback_timeout);
  options.patience = duration(request.options.wait);
  fmt::print("{}", update(release_of(request), options, request.environment));
  return 0;
}

int run_shell(const CommandRequest& request) {
  node::run_remote_shell(release_of(request).target(request.environment),
                         duration(request.options.timeout), request.environment);
  return 0;
}

int print_trace_of_port(const CommandRequest& request) {
  trace_ip(request.options.host, request.options.port, duration(request.options.timeout),
           write_trace);
  return 0;
}

int print_trace_of_file(const CommandRequest& request) {
  trace_file(request.options.source, request.options.follow, write_trace);
  return 0;
}

}  // namespace relmk::enit
