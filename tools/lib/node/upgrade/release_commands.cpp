#include "node/upgrade/release_commands.h"

#include <fmt/format.h>

#include "node/distribution/node_error.h"
#include "node/session/character_data.h"
#include "node/upgrade/installation.h"
#include "term/print.h"

namespace relmk::node {
namespace {

std::string quoted(const std::string& text) {
  return term::print_pretty(Term::string(text));
}

std::string shown(const Term& reason) {
  return term::print_plain(reason, true);
}

}  // namespace

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
  const KnownRelease* permanent = state.permanent();
  if (permanent != nullptr && permanent->release.version == upgrade->to) {
    switch_start_files(release_.root, release_.name, upgrade->from, upgrade->to);
  }
  journal.end();
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
        ReleaseError::Refused,
        fmt::format("version {} cannot be installed on version {}", version, found.from));
  }
  say_("Version " + version + " can be installed on version " + found.from + ".");
}

// Where release_handler found no RELEASES when it started, it does not know a directory of any
// application. It is told, and started again: it keeps nothing else.
void ReleaseCommands::know_running_release(const NodeState& state) {
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
}

void ReleaseCommands::register_version(const ReleaseImage& image, const NodeState& state) {
  const Term file =
      Term::string((release_.root / image.version_path(release_.name + ".rel")).string());
  const Term set = handler("set_unpacked", {file, application_directories(image, state)});
  if (!set.is_tagged("ok", 2))
    throw Error("the version cannot be registered: " + shown(set.is_tuple(2) ? set[1] : set));
}

Unpacked ReleaseCommands::unpack_image(const ReleaseImage& image, const NodeState& state) {
  say_("Release " + image.version() + " not found, attempting to unpack " +
       image.package().lexically_relative(release_.root).string());
  Unpacked unpacked;
  try {
    unpacked = node::unpack(image, state.releases);
    register_version(image, state);
  } catch (const Error& error) {
    take_back(unpacked);
    throw ReleaseError(ReleaseError::NoSuchVersion,
                       "release " + image.version() + " was not unpacked: " + error.text(),
                       "nothing of it is left; mend that, then try again");
  }
  say_("Unpacked successfully: " + quoted(image.version()));
  return unpacked;
}

void ReleaseCommands::forget(const std::string& version, const std::optional<Unpacked>& unpacked) {
  if (!unpacked) return;
  handler("set_removed", {Term::string(version)});
  for (const std::string& path : take_back(*unpacked))
    say_("could not remove " + path);
}

void ReleaseCommands::unpack(const std::string& given) {
  const std::string version = prepare(given);
  const UpgradeLock lock(releases());
  NodeState now = state();
  settle_journal(now);
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
    unpack_image(ReleaseImage::packed(release_.root, release_.name, version, *package), now);
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
    say_("Release " + version + " is already installed, running and set permanent.");
    return;
  }
  if (now.running() != known) {
    throw ReleaseError(ReleaseError::Refused,
                       "release " + version + " does not run: it is " + known->release.status,
                       "bin/" + release_.name + " upgrade " + version + " installs it");
  }
  make_permanent(version, now.permanent() != nullptr ? now.permanent()->release.version : "");
}

// bin/NAME goes last: who starts the node in between starts the version that was permanent.
void ReleaseCommands::make_permanent(const std::string& version, const std::string& from) {
  Journal journal(releases());
  journal.begin({from, version});
  const Term made = handler("make_permanent", {Term::string(version)});
  if (!made.is_atom("ok")) {
    journal.restore();
    journal.end();
    throw ReleaseError(
        ReleaseError::NotInstalled,
        "release_handler:make_permanent failed: " + shown(made.is_tuple(2) ? made[1] : made),
        "version " + version + " runs, but version " + from + " is the one that is started");
  }
  set_boot_arguments(rpc(), {release_.root, release_.name, version}, environment_);
  switch_start_files(release_.root, release_.name, from, version);
  journal.end();
  say_("Made release permanent: " + quoted(version));
}

void ReleaseCommands::say_versions() {
  const NodeState now = state();
  if (now.running() == nullptr || now.permanent() == nullptr) return;
  say_("Version " + now.running()->release.version + " is current, " +
       now.permanent()->release.version + " is permanent.");
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
  const Term removed = handler("set_removed", {Term::string(version)});
  if (!removed.is_atom("ok")) {
    throw ReleaseError(
        ReleaseError::Refused,
        "release_handler:set_removed failed: " + shown(removed.is_tuple(2) ? removed[1] : removed));
  }
  std::vector<KnownRelease> others;
  for (const KnownRelease& one : now.releases)
    if (&one != known) others.push_back(one);
  remove_version(release_.root, release_.name, *known, others,
                 directories_in_use(release_.root, now));
  say_("Uninstalled Release: " + version);
}

void ReleaseCommands::install(const std::string& given, const UpgradeOptions& options) {
  const std::string version = prepare(given);
  const UpgradeLock lock(releases());
  NodeState now = state();
  settle_journal(now);
  know_running_release(now);
  const KnownRelease* known = now.find(version);
  const std::string status = known != nullptr ? known->release.status : "";
  const std::string running = now.running() != nullptr ? now.running()->release.version : "";
  if (running == version && status == "permanent") {
    say_("Release " + version + " is already installed, running and set permanent.");
    return;
  }
  if (running == version) {
    say_("Release " + version + " is already installed and current" +
         (options.permanent ? ", making permanent." : "."));
    if (options.permanent) make_permanent(version, now.permanent()->release.version);
    return;
  }
  if (status == "old") say_("Release " + version + " is marked old, switching to it.");
  if (status == "unpacked") say_("Release " + version + " is already unpacked, now installing.");
  if (status == "permanent") say_("Release " + running + " is the currently running version.");

  UpgradeCheck found = check_upgrade(rpc(), release_, environment_, version, options.process,
                                     Deadline::after(options.wait));
  if (!found.image && found.obstacles.size() == 1 &&
      !ReleaseImage::find_package(release_.root, release_.name, version)) {
    say_("Unpack failed: release_package_not_found");
    list(now);
    throw ReleaseError(ReleaseError::NoSuchVersion,
                       "release " + version + " was not unpacked: release_package_not_found",
                       found.obstacles[0].hint());
  }
  if (options.verify && found.script) {
    if (auto obstacle = no_way_back(found, release_)) found.obstacles.push_back(*obstacle);
  }
  if (!report(found)) {
    throw ReleaseError(
        found.image ? ReleaseError::Refused : ReleaseError::NoSuchVersion,
        fmt::format("version {} is not installed; nothing was changed, version {} goes on", version,
                    found.from));
  }

  std::optional<Unpacked> unpacked;
  if (!found.is_registered) {
    if (found.image->tarball()) {
      unpacked = unpack_image(*found.image, found.state);
    } else {
      register_version(*found.image, found.state);
    }
  } else if (lacks_libraries(release_.root, *found.state.find(version))) {
    handler("set_removed", {Term::string(version)});
    register_version(*found.image, found.state);
  }

  Journal journal(releases());
  Installer installer{target_, timeout_, session_, release_, environment_, options};
  try {
    journal.begin({found.from, version});
    installer.install(found);
    say_("Installed Release: " + version);
    if (options.verify) installer.verify(found);
  } catch (const NodeError&) {
    throw;  // the journal stays, for the next start
  } catch (const ReleaseError& error) {
    if (error.exit_code() == ReleaseError::Restarted && !installer.is_up()) throw;
    forget(version, unpacked);
    journal.end();
    throw;
  } catch (const Error& error) {
    forget(version, unpacked);
    journal.end();
    throw ReleaseError(ReleaseError::NotInstalled, error.text(),
                       "version " + found.from + " goes on as before; mend that, then try again");
  }
  const std::vector<std::string> old_code = installer.old_code(found);
  if (options.permanent)
    make_permanent(version,
                   now.permanent() != nullptr ? now.permanent()->release.version : found.from);
  else
    journal.end();
  say_versions();
  if (!old_code.empty())
    say_(fmt::format("Old code is still in use of: {}", fmt::join(old_code, ", ")));
}

}  // namespace relmk::node
