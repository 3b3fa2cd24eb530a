#include "node/upgrade/installation.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "node/commands/os_process.h"
#include "node/distribution/node_error.h"
#include "node/upgrade/program.h"
#include "node/upgrade/restart_program.h"
#include "node/upgrade/verify_command.h"
#include "sys/interruption.h"
#include "term/print.h"

namespace relmk::node {
namespace {

constexpr std::chrono::milliseconds kPause(100), kStopping(2000);

int64_t in_milliseconds(std::chrono::milliseconds time) {
  return static_cast<int64_t>(time.count());
}

std::string reason_text(const Term& reason) {
  if (reason.is_tagged("old_processes", 2)) {
    return "old processes still running code from module " + term::print_plain(reason[1], true);
  }
  return term::print_plain(reason, true);
}

// As far as can be told: the process of a node on another host is not visible.
bool lives(const OsProcess& process) {
  return !process.is_visible() || !process.is_gone();
}

}  // namespace

struct Installer::Outcome {
  enum Kind { Installed, Restarts, Failed, Down } kind = Down;
  std::string reason;
  Terms silent;       // processes that did not answer the suspend
  bool clean = true;  // of Failed: the environment is as it was
};

Installer::Installer(const Target& target, std::chrono::milliseconds timeout,
                     std::unique_ptr<StandardSession>& session, const start::ReleasePlace& release,
                     const start::Environment& environment, const UpgradeOptions& options)
    : target_(target),
      timeout_(timeout),
      session_(session),
      release_(release),
      environment_(environment),
      options_(options) {}

// release_handler takes a sys.config that it cannot read for an empty one.
void Installer::check_readable(const Way& way) {
  if (!way.configuration.sys_config) return;
  const fs::path file = release_.root / "releases" / way.to / "sys.config";
  const Term read = session_->rpc().call("file", "read_file", {Term::string(file.string())});
  if (read.is_tagged("ok", 2)) return;
  throw ReleaseError(ReleaseError::NotInstalled,
                     "version " + way.to + " was not installed: the node cannot read " +
                         file.string() + ": " + reason_text(read.is_tuple(2) ? read[1] : read),
                     "run the command as the node's user, or as root where releases/ is that "
                     "user's; version " +
                         way.from + " goes on as before");
}

// Runs release_handler:install_release, and learns how it ends: by the answer, or by what it said
// before the node went down.
Installer::Outcome Installer::run(const Way& way) {
  Rpc& rpc = session_->rpc();
  const Term tag = rpc.connection().new_reference();
  Outcome outcome;
  outcome.reason = "the connection to the node ended";
  rpc.on_message(tag, [&](const Term& message) {
    if (message.is_tuple(2) && message[1].is_tagged("failed", 2))
      outcome.reason = reason_text(message[1][1]);
  });
  const Term options = Term::list({Term::tuple({Term::atom("update_paths"), Term::boolean(true)}),
                                   Term::tuple({Term::atom("code_change_timeout"),
                                                Term(in_milliseconds(options_.code_change))})});
  Term result;
  try {
    result = run_program(
        rpc, kInstallProgram,
        {{"Vsn", Term::string(way.to)},
         {"Options", options},
         {"OldBoot", Term::string((release_.root / "releases" / way.from / "start.boot").string())},
         {"ResumeEarly", Term::boolean(way.script.suspends_early)},
         {"Client", rpc.connection().self()},
         {"Tag", tag}},
        Deadline::after(options_.wait));
  } catch (const NodeError& error) {
    if (error.reason() == NodeError::Reason::Timeout) throw;
    return outcome;
  } catch (const RemoteError& error) {
    // init ends all processes, ours too.
    if (outcome.reason.starts_with("the connection")) outcome.reason = error.message();
    return outcome;
  }
  if (result.is_tagged("ok", 2)) {
    outcome.kind = way.script.restarts_last ? Outcome::Restarts : Outcome::Installed;
    if (result[1].is_list()) outcome.silent = result[1].elements();
  } else if (result.is_tagged("restarts")) {
    outcome.kind = Outcome::Restarts;
  } else if (result.is_tagged("failed", 3)) {
    outcome.kind = Outcome::Failed;
    outcome.reason = reason_text(result[1]);
    outcome.clean = result[2].is_atom("ok");
  } else {
    outcome.reason = reason_text(result[1]);
  }
  return outcome;
}

std::optional<std::string> Installer::configuration_of_providers(const Way& way) {
  try {
    return provided_configuration(session_->rpc(), way.configuration,
                                  Deadline::after(options_.wait));
  } catch (const NodeError&) {
    throw;
  } catch (const Error& error) {
    throw ReleaseError(ReleaseError::NotInstalled,
                       "version " + way.to + " was not installed: " + error.message(),
                       error.hint());
  }
}

// Until the new process answers, in the new version.
void Installer::await_restart(const Way& way, const OsProcess& process) {
  // It is the old process until that has ended.
  const Deadline deadline = Deadline::after(options_.wait);
  while (process.is_visible() && lives(process) && !deadline.passed())
    std::this_thread::sleep_for(kPause);
  if (!process.is_visible()) std::this_thread::sleep_for(kStopping);
  is_up_ = wait_until_up([] { return true; });
  if (!is_up_) {
    throw ReleaseError(ReleaseError::Restarted,
                       "the emulator was restarted, and the node does not answer",
                       "see its log; started again, it comes up in version " + way.from);
  }
  if (const std::string now = running_version(); now != way.to) {
    throw ReleaseError(ReleaseError::Restarted,
                       "the emulator was restarted, and the node is up in version " + now,
                       "see the node's log");
  }
}

void Installer::switch_by(const Way& way) {
  const std::optional<std::string> provided = configuration_of_providers(way);
  const PlacedConfiguration placed(release_.root / "releases" / way.to / "sys.config",
                                   provided ? provided : way.configuration.sys_config);
  check_readable(way);
  std::optional<RestartProgram> program;
  if (way.script.restarts()) program.emplace(release_, way.from, way.to, way.configuration);
  const OsProcess process(session_->rpc());
  const Outcome outcome = run(way);
  switch (outcome.kind) {
    case Outcome::Installed:
      break;
    case Outcome::Restarts:
      return await_restart(way, process);
    case Outcome::Failed:
      throw ReleaseError(
          ReleaseError::NotInstalled,
          "version " + way.to + " was not installed: " + outcome.reason +
              " (before the point of no return)",
          outcome.clean
              ? "version " + way.from +
                    " goes on, with its configuration and its processes as they were"
              : "version " + way.from +
                    " goes on; some application's environment could not be put back: see bin/" +
                    release_.name + " check");
    case Outcome::Down:
      is_up_ = wait_until_up([&] { return lives(process); });
      fail_after_restart(way.from, outcome.reason);
  }
  if (outcome.silent.empty()) return;
  std::string processes;
  for (const Term& one : outcome.silent)
    processes += (processes.empty() ? "" : ", ") + term::print_plain(one);
  throw ReleaseError(ReleaseError::TakenBack, "did not answer the suspend: " + processes);
}

void Installer::fail_after_restart(const std::string& from, const std::string& reason) {
  if (!is_up_) {
    throw ReleaseError(ReleaseError::Restarted,
                       "the upgrade failed after the point of no return (" + reason +
                           "), and the node does not answer",
                       "start it: it comes up in version " + from + "; its log says more");
  }
  throw ReleaseError(ReleaseError::Restarted,
                     "the upgrade failed after the point of no return (" + reason +
                         "): the node has restarted, in version " + running_version(),
                     "the node's log says more; mend the new version, then try again");
}

void Installer::install(const UpgradeCheck& check) {
  try {
    switch_by({check.from, check.image->version(), *check.script, *check.configuration});
  } catch (const ReleaseError& error) {
    if (error.exit_code() != ReleaseError::TakenBack) throw;
    go_back(check, error.message());
  }
}

// A signal that is to end us ends the command. We go back first.
void Installer::verify(const UpgradeCheck& check) {
  sys::Interruption interruption;
  const VerifyResult result =
      run_verify_command(*options_.verify, options_.within, session_->rpc());
  if (result.passed) return;
  try {
    go_back(check, "the command that verifies it failed: " + result.reason);
  } catch (const ReleaseError& error) {
    interruption.say_before_end(error.text());
    throw;
  }
}

void Installer::go_back(const UpgradeCheck& check, const std::string& why) {
  const std::string to = check.from, from = check.image->version();
  const std::string hint = "mend it, then try again";
  const auto old =
      ReleaseImage::unpacked(release_.root, release_.name, to, check.state.system_libraries);
  const auto text = [&](const std::string& version) {
    std::error_code error;
    const fs::path file = release_.root / "releases" / version / "relup";
    return RelupFile{file, fs::is_regular_file(file, error) ? std::optional(sys::read_file(file))
                                                            : std::nullopt};
  };
  try {
    if (!old) throw Error("releases/" + to + " is not complete");
    const RelupScript script = find_relup_script(from, to, text(to), text(from));
    switch_by({from, to, script, render_configuration(*old, environment_)});
  } catch (const ReleaseError& error) {
    if (error.exit_code() == ReleaseError::TakenBack) {
      // Who does not answer upwards does not answer downwards, and has the old state still.
      throw ReleaseError(ReleaseError::TakenBack,
                         "version " + from + " was taken back by the relup: " + why, hint);
    }
    if (error.exit_code() == ReleaseError::Restarted) {
      throw ReleaseError(
          ReleaseError::Restarted,
          "version " + from + " was to be taken back (" + why + "), and " + error.message(),
          error.hint());
    }
    throw Error("version " + from + " runs, and could not be taken back: " + error.message() +
                "; " + why)
        .with_hint("restart the node: it comes up in version " + to);
  } catch (const NodeError&) {
    throw;
  } catch (const Error& error) {
    throw Error("version " + from + " runs, and could not be taken back: " + error.message() +
                "; " + why)
        .with_hint("restart the node: it comes up in version " + to);
  }
  throw ReleaseError(
      ReleaseError::TakenBack,
      "version " + from + " was taken back by the relup, version " + to + " runs: " + why, hint);
}

// Joins the node anew, until it says that it has started.
bool Installer::wait_until_up(const std::function<bool()>& may_come_back) {
  const Deadline deadline = Deadline::after(options_.wait);
  bool last = false;
  while (!deadline.passed()) {
    const bool hopeless = !may_come_back();
    try {
      auto session = std::make_unique<StandardSession>(
          target_, std::min(timeout_, std::chrono::milliseconds(5000)));
      const Term status = session->rpc().call("init", "get_status", {}, Deadline::after(kStopping));
      const Term handler = session->rpc().call("erlang", "whereis", {Term::atom("release_handler")},
                                               Deadline::after(kStopping));
      if (status.is_tuple(2) && status[0].is_atom("started") && !handler.is_atom("undefined")) {
        session_ = std::make_unique<StandardSession>(target_, timeout_);
        return true;
      }
    } catch (const NodeError&) {
    } catch (const RemoteError&) {
    }
    // heart, or a supervisor of the system, may start another process: a moment is given for that.
    if (hopeless && last) return false;
    last = hopeless;
    std::this_thread::sleep_for(hopeless ? kStopping : kPause);
  }
  return false;
}

std::string Installer::running_version() {
  const NodeState state =
      ask_node_state(session_->rpc(), nullptr, options_.process, Deadline::after(options_.wait));
  return state.running() != nullptr ? state.running()->release.version : "unknown";
}

std::vector<std::string> Installer::old_code(const UpgradeCheck& check) {
  std::vector<std::string> modules;
  const NodeState state = ask_node_state(session_->rpc(), &*check.script, options_.process,
                                         Deadline::after(options_.wait));
  for (const NodeState::OldCode& old : state.old_code)
    if (!old.processes.empty()) modules.push_back(old.module);
  return modules;
}

std::optional<Error> no_way_back(const UpgradeCheck& check, const start::ReleasePlace& release) {
  const std::string own = check.image->version_path("relup");
  const fs::path old = release.root / "releases" / check.from / "relup";
  std::error_code error;
  try {
    find_relup_script(
        check.image->version(), check.from,
        {old, fs::is_regular_file(old, error) ? std::optional(sys::read_file(old)) : std::nullopt},
        {check.image->shown(own), check.image->read(own)});
    return std::nullopt;
  } catch (const Error& found) {
    return Error(found.file(), found.position(), "--verify needs a way back: " + found.message())
        .with_hint(found.hint());
  }
}

}  // namespace relmk::node
