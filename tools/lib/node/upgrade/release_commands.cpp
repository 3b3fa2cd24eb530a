#include "node/upgrade/release_commands.h"

#include <fmt/core.h>

#include "node/distribution/node_error.h"
#include "node/upgrade/installation.h"
#include "node/upgrade/library_places.h"
#include "node/upgrade/permanent_files.h"
#include "node/upgrade/release_text.h"
#include "node/upgrade/restart_program.h"

namespace relmk::node {
ReleaseCommands::ReleaseCommands(Target target, std::chrono::milliseconds timeout,
                                 start::ReleasePlace release, start::Environment environment,
                                 Say say, Complain complain)
    : target_(std::move(target)),
      timeout_(timeout),
      release_(std::move(release)),
      environment_(std::move(environment)),
      say_(std::move(say)),
      complain_(std::move(complain)),
      session_(std::make_unique<StandardSession>(target_, timeout_)) {}

// `1.0` of `1.0/anything`, as relx takes it. release_handler's paths are relative to the node's
// working directory: it has to be the release's root.
std::string ReleaseCommands::prepare(const std::string& given) {
  const std::string version = given.substr(0, given.find('/'));
  if (version.empty() || version == "." || version == "..")
    throw Error("`" + given + "` is no version");
  if (release_.name.empty()) {
    throw Error("which release?").with_hint("this command is run by the release's start script");
  }
  return version;
}

Term ReleaseCommands::handler(const char* function, Terms arguments) {
  return rpc().call("release_handler", function, std::move(arguments));
}

NodeState ReleaseCommands::state() {
  NodeState state = ask_node_state(rpc(), nullptr, UpgradeOptions().process, rpc().deadline());
  if (state.has_release_handler) return state;
  throw Error("the node has no release_handler that answers")
      .with_hint("another upgrade may be under way; or the release lacks the application sasl");
}

bool ReleaseCommands::runs(const std::string& version) {
  const NodeState now = state();
  return now.running() != nullptr && now.running()->release.version == version;
}

void ReleaseCommands::list() {
  list(state());
}

void ReleaseCommands::list(const NodeState& state) {
  say_("Installed versions:");
  for (const KnownRelease& one : state.releases)
    say_("* " + one.release.version + "\t" + one.release.status);
}

// What a nodetool that was killed left; the node itself went on.
void ReleaseCommands::settle_journal(const NodeState& state) {
  Journal journal(releases());
  const auto upgrade = journal.read();
  if (!upgrade) return;
  for (const std::string& version : {upgrade->from, upgrade->to})
    PlacedConfiguration::put_back(releases() / version / "sys.config");
  // init was told to restart before release_handler answered again.
  if (const Term status = rpc().call("init", "get_status", {});
      status.is_tuple(2) && status[0].is_atom("started")) {
    RestartProgram::remove_left(release_.root);
  }
  const KnownRelease* permanent = state.permanent();
  if (permanent != nullptr && permanent->release.version == upgrade->to) {
    PermanentFiles(release_.root, release_.name, upgrade->from, upgrade->to).place();
  }
  if (!journal.is_readable()) {
    if (const auto failed = journal.restore()) throw *failed;
  }
  journal.end();
}

// Beside the error that is the reason for it.
void ReleaseCommands::undo(Journal& journal) {
  if (const auto failed = journal.undo()) complain_(*failed);
}

bool ReleaseCommands::report(const UpgradeCheck& check) {
  for (const Error& obstacle : check.obstacles)
    complain_(obstacle);
  return check.obstacles.empty();
}

void ReleaseCommands::check(const std::string& given, const UpgradeOptions& options) {
  const std::string version = prepare(given);
  const NodeState now = state();
  if (const KnownRelease* running = now.running();
      running != nullptr && running->release.version == version) {
    say_("Release " + version + " is the currently running version.");
    return;
  }
  const UpgradeCheck found = check_upgrade(rpc(), release_, environment_, version, options.process,
                                           Deadline::after(options.wait));
  for (const std::string& note : found.notes)
    say_("note: " + note);
  if (!report(found)) {
    throw ReleaseError(
        found.is_missing ? ReleaseError::NoSuchVersion : ReleaseError::Refused,
        fmt::format("version {} cannot be installed on version {}", version, found.from));
  }
  say_("Version " + version + " can be installed on version " + found.from + ".");
}

// Where release_handler found no RELEASES when it started, it does not know a directory of any
// application, which are not to be touched. It is told, and started again: it keeps nothing else.
void ReleaseCommands::know_running_release(NodeState& state) {
  const KnownRelease* running = state.running();
  if (running == nullptr || running->has_libraries) return;
  const auto image = ReleaseImage::unpacked(release_.root, release_.name, running->release.version,
                                            state.system_libraries);
  if (!image) {
    throw ReleaseError(ReleaseError::Refused,
                       "the version that runs, " + running->release.version + ", lacks " +
                           release_.name + ".rel or applications below " + release_.root.string());
  }
  const Term made =
      handler("create_RELEASES",
              {Term::string(release_.root.string()), Term::string(releases().string()),
               Term::string((release_.root / image->version_path(release_.name + ".rel")).string()),
               application_directories(*image, state)});
  if (!made.is_atom("ok"))
    throw ReleaseError(ReleaseError::Refused, "RELEASES cannot be created: " + shown(made));
  rpc().call("supervisor", "terminate_child",
             {Term::atom("sasl_sup"), Term::atom("release_handler")});
  rpc().call("supervisor", "restart_child",
             {Term::atom("sasl_sup"), Term::atom("release_handler")});
  state = this->state();
}

// Whose files are gone: the node was killed while an unpacking was taken back.
void ReleaseCommands::forget_lost(NodeState& state, const std::string& version) {
  const KnownRelease* known = state.find(version);
  if (known == nullptr || (known->release.status != "unpacked" && known->release.status != "old"))
    return;
  if (ReleaseImage::unpacked(release_.root, release_.name, version, state.system_libraries)) return;
  if (!handler("set_removed", {Term::string(version)}).is_atom("ok")) return;
  std::erase_if(state.releases,
                [&](const KnownRelease& one) { return one.release.version == version; });
}

void ReleaseCommands::register_version(const ReleaseImage& image, const NodeState& state) {
  const Term file =
      Term::string((release_.root / image.version_path(release_.name + ".rel")).string());
  const Term set = handler("set_unpacked", {file, application_directories(image, state)});
  if (!set.is_tagged("ok", 2))
    throw Error("the version cannot be registered: " + shown(set.is_tuple(2) ? set[1] : set));
}

// The journal has begun: it holds RELEASES as it was, which release_handler rewrites in place.
Unpacked ReleaseCommands::unpack_image(const ReleaseImage& image, const NodeState& state,
                                       Journal& journal) {
  say_("Release " + image.version() + " not found, attempting to unpack " +
       image.package().lexically_relative(release_.root).string());
  Unpacked unpacked;
  try {
    unpacked = node::unpack(image, state.releases);
    register_version(image, state);
  } catch (const NodeError& error) {
    take_back(unpacked);
    throw ReleaseError(ReleaseError::NoSuchVersion,
                       "release " + image.version() + " was not unpacked: " + reason_of(error),
                       "nothing of it is left; start the node, then try again");
  } catch (const Error& error) {
    take_back(unpacked);
    undo(journal);
    throw ReleaseError(ReleaseError::NoSuchVersion,
                       "release " + image.version() + " was not unpacked: " + reason_of(error),
                       "nothing of it is left; mend that, then try again");
  }
  say_("Unpacked successfully: " + quoted(image.version()));
  return unpacked;
}

void ReleaseCommands::unpack(const std::string& given) {
  const std::string version = prepare(given);
  const UpgradeLock lock(releases());
  NodeState now = state();
  settle_journal(now);
  forget_lost(now, version);
  if (const KnownRelease* known = now.find(version)) {
    const std::string& status = known->release.status;
    say_("Release " + version +
         (status == "old"        ? " is marked old."
          : status == "unpacked" ? " is already unpacked."
          : status == "current"  ? " is already installed and current."
                                 : " is already installed and set permanent."));
    return;
  }
  know_running_release(now);
  if (const auto image =
          ReleaseImage::unpacked(release_.root, release_.name, version, now.system_libraries)) {
    register_version(*image, now);
    say_("Unpacked successfully: " + quoted(version));
    return;
  }
  const std::string running = now.running() != nullptr ? now.running()->release.version : "";
  const auto package = ReleaseImage::find_package(release_.root, release_.name, version);
  if (!package) {
    say_("Unpack failed: release_package_not_found");
    list(now);
    throw ReleaseError(ReleaseError::NoSuchVersion,
                       "release " + version + " was not unpacked: release_package_not_found",
                       "copy its tarball to " +
                           (releases() / (release_.name + "-" + version + ".tar.gz")).string());
  }
  try {
    const auto image = ReleaseImage::packed(release_.root, release_.name, version, *package);
    Journal journal(releases());
    journal.begin({running, version});
    unpack_image(image, now, journal);
    journal.end();
  } catch (const ReleaseError&) {
    throw;
  } catch (const Error& error) {
    complain_(error);
    throw ReleaseError(ReleaseError::NoSuchVersion, "release " + version + " was not unpacked");
  }
}

void ReleaseCommands::commit(const std::string& given) {
  const std::string version = prepare(given);
  const UpgradeLock lock(releases());
  const NodeState now = state();
  settle_journal(now);
  const KnownRelease* known = now.find(version);
  if (known == nullptr) {
    list(now);
    throw ReleaseError(ReleaseError::NoSuchVersion, "release " + version + " is not installed");
  }
  if (known->release.status == "permanent" && now.running() == known) {
    say_permanent(version, now);
    return;
  }
  if (now.running() != known) {
    throw ReleaseError(ReleaseError::Refused,
                       "release " + version + " does not run: it is " + known->release.status,
                       "bin/" + release_.name + " upgrade " + version + " installs it");
  }
  commit_running(version, now);
}

// release_handler itself may have made it so: it knows nothing of start scripts.
void ReleaseCommands::say_permanent(const std::string& version, const NodeState& now) {
  say_("Release " + version + " is already installed, running and set permanent.");
  if (has_its_start_script(release_.root, release_.name, version)) return;
  std::vector<std::string> versions;
  for (const KnownRelease& one : now.releases)
    versions.push_back(one.release.version);
  const auto from = version_of_start_script(release_.root, release_.name, versions);
  PermanentFiles(release_.root, release_.name, from.value_or(release_.version), version).place();
  say_("bin/" + release_.name + " starts it from now on.");
}

void ReleaseCommands::commit_running(const std::string& version, const NodeState& now) {
  const KnownRelease* permanent = now.permanent();
  const std::string from = permanent != nullptr ? permanent->release.version : "";
  Journal journal(releases());
  try {
    journal.begin({from, version});
    make_permanent(version, from, journal);
    journal.end();
  } catch (const NodeError&) {
    throw;  // the journal stays, for the next start
  } catch (const Error& error) {
    journal.end();
    throw ReleaseError(
        ReleaseError::NotInstalled,
        "version " + version + " was not made permanent: " + reason_of(error),
        "version " + version + " runs, but version " + from + " is the one that is started");
  }
}

std::vector<fs::path> ReleaseCommands::removable_files(const KnownRelease& version,
                                                       const NodeState& now) {
  std::vector<KnownRelease> others;
  for (const KnownRelease& one : now.releases)
    if (&one != &version) others.push_back(one);
  std::vector<fs::path> files = files_of_version_alone(
      release_.root, release_.name, version, others, directories_in_use(release_.root, now));
  try {
    check_removable(release_.root, files);
  } catch (const Error& error) {
    complain_(error);
    throw ReleaseError(ReleaseError::Refused,
                       "version " + version.release.version + " was not uninstalled");
  }
  return files;
}

void ReleaseCommands::uninstall(const std::string& given) {
  const std::string version = prepare(given);
  const UpgradeLock lock(releases());
  const NodeState now = state();
  settle_journal(now);
  const KnownRelease* known = now.find(version);
  if (known == nullptr) {
    say_("Release " + version + " is already uninstalled.");
    return;
  }
  const std::string& status = known->release.status;
  if (status == "current") {
    throw ReleaseError(ReleaseError::NoSuchVersion,
                       "Uninstall failed: Release " + version + " is marked current.");
  }
  if (status == "permanent") {
    throw ReleaseError(ReleaseError::NoSuchVersion,
                       "Uninstall failed: Release " + version + " is running.");
  }
  say_("Release " + version + " is marked " + status + ", uninstalling it" +
       (status == "old" ? "." : ""));
  const std::vector<fs::path> files = removable_files(*known, now);
  const Term removed = handler("set_removed", {Term::string(version)});
  if (!removed.is_atom("ok")) {
    throw ReleaseError(
        ReleaseError::Refused,
        "release_handler:set_removed failed: " + shown(removed.is_tuple(2) ? removed[1] : removed));
  }
  remove_files(release_.root, version, files);
  say_("Uninstalled Release: " + version);
}

}  // namespace relmk::node
