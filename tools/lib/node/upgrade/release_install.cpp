// ReleaseCommands: installing a version, and making it permanent.
#include <fmt/core.h>

#include "node/distribution/node_error.h"
#include "node/upgrade/boot_arguments.h"
#include "node/upgrade/library_places.h"
#include "node/upgrade/permanent_files.h"
#include "node/upgrade/release_commands.h"
#include "node/upgrade/release_text.h"
#include "sys/words.h"

namespace relmk::node {
namespace {

std::string nothing_changed(const UpgradeCheck& found, const std::string& version) {
  return fmt::format("version {} is not installed; nothing was changed, version {} goes on",
                     version, found.from);
}

}  // namespace

// Unpacks the version where that is needed; release_handler knows it then.
std::optional<Unpacked> ReleaseCommands::put_in_place(const UpgradeCheck& found, Journal& journal) {
  if (!found.is_registered && found.image->tarball())
    return unpack_image(*found.image, found.state, journal);
  const std::string& version = found.image->version();
  try {
    if (!found.is_registered) {
      register_version(*found.image, found.state);
    } else if (lacks_libraries(release_.root, *found.state.find(version))) {
      handler("set_removed", {Term::string(version)});
      register_version(*found.image, found.state);
    }
  } catch (const NodeError&) {
    throw;
  } catch (const Error& error) {
    undo(journal);
    throw ReleaseError(ReleaseError::Refused, reason_of(error), "mend that, then try again");
  }
  return std::nullopt;
}

// Ends the journal of an upgrade that failed, and takes back what it unpacked: first the files, for
// a full disk keeps release_handler from writing RELEASES.
void ReleaseCommands::forget(const std::string& version, const std::optional<Unpacked>& unpacked,
                             Journal& journal) {
  bool is_forgotten = true;
  if (unpacked) {
    for (const std::string& path : take_back(*unpacked))
      say_("could not remove " + path);
    is_forgotten = handler("set_removed", {Term::string(version)}).is_atom("ok");
  }
  if (is_forgotten)
    journal.end();
  else
    undo(journal);
}

// bin/NAME goes last: who starts the node in between starts the version that was permanent. What
// needs space on the disk goes first. Throws Error where all is as it was.
void ReleaseCommands::make_permanent(const std::string& version, const std::string& from,
                                     const Journal& journal) {
  PermanentFiles files(release_.root, release_.name, from, version);
  const Term made = handler("make_permanent", {Term::string(version)});
  if (!made.is_atom("ok")) {
    if (const auto failed = journal.restore()) complain_(*failed);
    throw Error("release_handler:make_permanent: " + shown(made.is_tuple(2) ? made[1] : made));
  }
  set_boot_arguments(rpc(), {release_.root, release_.name, version}, environment_);
  files.place();
  say_("Made release permanent: " + quoted(version));
}

void ReleaseCommands::make_permanent_or_go_back(Installer& installer, const UpgradeCheck& found,
                                                const std::string& permanent,
                                                const Journal& journal) {
  try {
    make_permanent(found.image->version(), permanent, journal);
  } catch (const NodeError&) {
    throw;
  } catch (const Error& error) {
    installer.go_back(found, "it could not be made permanent: " + reason_of(error));
  }
}

void ReleaseCommands::say_versions() {
  const NodeState now = state();
  if (now.running() == nullptr || now.permanent() == nullptr) return;
  say_("Version " + now.running()->release.version + " is current, " +
       now.permanent()->release.version + " is permanent.");
}

// Whether the version runs already; says so then, and makes it permanent where that is wanted.
bool ReleaseCommands::is_installed(const std::string& version, const NodeState& now,
                                   const UpgradeOptions& options) {
  const KnownRelease* known = now.find(version);
  const std::string status = known != nullptr ? known->release.status : "";
  const std::string running = now.running() != nullptr ? now.running()->release.version : "";
  if (running != version) {
    if (status == "old") say_("Release " + version + " is marked old, switching to it.");
    if (status == "unpacked") say_("Release " + version + " is already unpacked, now installing.");
    if (status == "permanent") say_("Release " + running + " is the currently running version.");
    return false;
  }
  if (status == "permanent") {
    say_permanent(version, now);
    return true;
  }
  say_("Release " + version + " is already installed and current" +
       (options.permanent ? ", making permanent." : "."));
  if (options.permanent) commit_running(version, now);
  return true;
}

// What is known of the upgrade to the version. Throws ReleaseError where something is in its way.
UpgradeCheck ReleaseCommands::check_before(const std::string& version, const NodeState& now,
                                           const UpgradeOptions& options) {
  UpgradeCheck found = check_upgrade(rpc(), release_, environment_, version, options.process,
                                     Deadline::after(options.wait));
  if (found.is_missing && !ReleaseImage::find_package(release_.root, release_.name, version)) {
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
    throw ReleaseError(found.is_missing ? ReleaseError::NoSuchVersion : ReleaseError::Refused,
                       nothing_changed(found, version));
  }
  return found;
}

// Switches to the version, whose files are in place, and makes it permanent.
void ReleaseCommands::switch_to(const UpgradeCheck& found, const NodeState& before,
                                Installer& installer, const UpgradeOptions& options,
                                const Journal& journal) {
  installer.install(found);
  say_("Installed Release: " + found.image->version());
  if (options.verify) installer.verify(found);
  if (!options.permanent) return;
  // To ask lets processes collect their garbage: who only held old code that way is not killed.
  installer.old_code(found);
  const KnownRelease* permanent = before.permanent();
  make_permanent_or_go_back(
      installer, found, permanent != nullptr ? permanent->release.version : found.from, journal);
}

void ReleaseCommands::install(const std::string& given, const UpgradeOptions& options) {
  const std::string version = prepare(given);
  const UpgradeLock lock(releases());
  NodeState now = state();
  settle_journal(now);
  forget_lost(now, version);
  if (is_installed(version, now, options)) return;
  UpgradeCheck found = check_before(version, now, options);
  know_running_release(found.state);

  Journal journal(releases());
  try {
    journal.begin({found.from, version});
  } catch (const Error& error) {
    complain_(error);
    throw ReleaseError(ReleaseError::Refused, nothing_changed(found, version),
                       "mend that, then try again");
  }
  const std::optional<Unpacked> unpacked = put_in_place(found, journal);
  Installer installer{target_, timeout_, session_, release_, environment_, options};
  try {
    switch_to(found, now, installer, options, journal);
    journal.end();
  } catch (const NodeError&) {
    throw;  // the journal stays, for the next start
  } catch (const ReleaseError& error) {
    if (error.exit_code() == ReleaseError::Restarted && !installer.is_up()) throw;
    forget(version, unpacked, journal);
    throw;
  } catch (const Error& error) {
    if (runs(version)) {
      journal.end();
      throw;
    }
    forget(version, unpacked, journal);
    throw ReleaseError(ReleaseError::NotInstalled, reason_of(error),
                       "version " + found.from + " goes on as before; mend that, then try again");
  }
  say_versions();
  // After make_permanent, which may have taken old code away.
  if (const auto old_code = installer.old_code(found); !old_code.empty())
    say_(fmt::format("Old code is still in use of: {}", sys::joined(old_code, ", ")));
}

}  // namespace relmk::node
