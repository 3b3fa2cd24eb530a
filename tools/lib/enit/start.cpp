// The cookie never stands among arguments: the node is given a home of its own that holds it, where
// kernel's auth looks first (-home; the environment's HOME stays the user's). All configuration
// goes into a sys.config that only the node's user can read.
#include "enit/start.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "enit/kept.h"
#include "enit/listen_ports.h"
#include "enit/node_presence.h"
#include "start/cookie_flags.h"
#include "sys/own_executable.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

void check_not_running(const Release& release, const node::Target& target,
                       std::chrono::milliseconds patience) {
  const NodePresence found = find_node(target, patience);
  const std::string node = target.address.name.text();
  switch (found.presence) {
    case Presence::Offline:
      return;
    case Presence::Online:
      throw Error(fmt::format("release {} is already running: {}", release.name(), node));
    case Presence::OtherCookie:
    case Presence::Silent:
      throw Error(fmt::format("there is a node {} already: {}", node, found.why))
          .with_hint(found.hint);
  }
}

// {node, […]} but for the cookie, which is to be told by nobody.
Term node_section(const Release& release) {
  Terms settings;
  const auto found = release.configuration.sections.find("node");
  if (found == release.configuration.sections.end()) return Term();
  for (const auto& [key, setting] : found->second) {
    if (key != "cookie") settings.push_back(Term::tuple({Term::atom(key), setting.value}));
  }
  return Term::list(std::move(settings));
}

std::vector<Atom> names_of(const std::vector<NamedApplications>& all) {
  std::vector<Atom> names;
  for (const NamedApplications& named : all) {
    for (const Atom& name : named.names) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

// From here on, what stands in the kept copies counts.
void keep_applications(otp::ReleaseApplications& applications, const State& state) {
  for (otp::ApplicationResource& app : applications.resources)
    app = keep(app, state);
}

void write_home(const Release& release, const State& state, const Account& account) {
  state.make_directory(state.home());
  state.write_private(state.home() / ".erlang.cookie", release.node.cookie, account);
}

Applied applied_by(const Release& release, const otp::ReleaseApplications& applications,
                   const State& state) {
  Applied applied;
  applied.release = release.name();
  applied.version = release.specification.version;
  applied.state = state.directory().string();
  applied.configuration = application_configuration(release.configuration);
  applied.node = node_section(release);
  applied.named = names_of(release.named());
  for (const otp::ApplicationResource& app : applications.resources)
    applied.applications.push_back({app.name, app.version, app.directory.string()});
  return applied;
}

std::vector<std::string> arguments_of(const Release& release, const State& state,
                                      const otp::Installation& otp, const std::string& home) {
  const NodeSettings& node = release.node;
  std::vector<std::string> words{(otp.erts_bin() / "erlexec").string()};
  const auto add = [&](std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
  };
  if (node.one_scheduler) add({"+S", "1"});
  words.insert(words.end(), node.vm_args.begin(), node.vm_args.end());
  add({node.long_name ? "-name" : "-sname", node.name.value().text()});
  add({"-noinput", "-boot", state.file("start").string(), "-mode", "embedded", "-config",
       state.file("sys.config").string()});
  if (!home.empty()) add({"-env", "HOME", home});
  if (node.hidden) add({"-hidden"});
  if (!node.connect_all) add({"-connect_all", "false"});
  return words;
}

Environment environment_of(const Release& release, const State& state, const otp::Installation& otp,
                           const Environment& environment) {
  // What ERL_FLAGS and its like say of cookies would become arguments.
  Environment added = start::find_cookie_flags(environment, fs::current_path()).changes;
  added.erase("RELX_COOKIE_FLAGS");
  added["HOME"] = state.home().string();
  added["ROOTDIR"] = otp.root.string();
  added["BINDIR"] = otp.erts_bin().string();
  added["EMU"] = "beam";
  added["PROGNAME"] = "erl";
  added["ENIT_RELEASE"] = release.name();
  added["ENIT"] = sys::own_executable().string();
  return added;
}

}  // namespace

PreparedNode prepare_node(const Release& release, const StartOptions& options,
                          const Environment& environment) {
  PreparedNode prepared;
  const node::Target target = release.target(environment);
  prepared.account = account_of(release.node);
  const otp::Installation otp = otp::find_installation(environment);
  Faults faults;
  otp::ReleaseApplications applications =
      resolve(release, sys::variable(environment, "ERL_LIBS"), otp, faults);
  faults.raise();
  check_not_running(release, target, options.patience);
  if (const auto ports = listen_ports(release.configuration))
    check_ports(*ports, target.address.interface, prepared.account);

  const State state(release.place, environment);
  prepared.lock = StartLock(state, release.name());
  keep_applications(applications, state);
  const Applied applied = applied_by(release, applications, state);
  const otp::BootTemplate boot_template = otp::boot_template(otp);
  const fs::path expressions = state.file("start.eval");
  sys::write_file(
      state.file("start.boot"),
      otp::boot_bytes(boot_script(applications, boot_template, expressions), boot_template));
  state.write_private(expressions,
                      start_expressions(applied, started_applications(applications), options),
                      prepared.account);
  state.write_private(state.file("sys.config"),
                      "%% Made by enit.\n" + term::print_plain(applied.configuration) + ".\n",
                      prepared.account);
  write_home(release, state, prepared.account);
  note_running(state, applied.applications);
  forget_others(state);

  const std::string home =
      prepared.account.home.empty() ? sys::variable(environment, "HOME") : prepared.account.home;
  prepared.arguments = arguments_of(release, state, otp, home);
  prepared.environment = environment_of(release, state, otp, environment);
  return prepared;
}

void become_node(const PreparedNode& node) {
  become(node.account);
  node.lock.hand_to_program();
  for (const auto& [name, value] : node.environment)
    ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<std::string> words = node.arguments;
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execv(arguments[0], arguments.data());
  throw sys::system_error(words[0], "cannot be run", errno);
}

}  // namespace relmk::enit
