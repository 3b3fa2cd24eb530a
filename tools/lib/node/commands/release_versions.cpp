#include "node/commands/release_versions.h"

#include <fmt/core.h>

#include "node/session/character_data.h"
#include "term/print.h"

namespace relmk::node {
namespace {

// install_release waits for processes to change their code.
constexpr std::chrono::milliseconds kTimeout(300000);

std::string text_of(const Term& term) {
  if (term.is_atom()) return term.atom_text();
  return characters_to_utf8(term).value_or("");
}

std::string quoted(const std::string& text) {
  return term::print_pretty(Term::string(text));
}

}  // namespace

ReleaseVersions::ReleaseVersions(Rpc& rpc, fs::path root, std::string name,
                                 std::function<void(const std::string&)> say)
    : rpc_(rpc), root_(std::move(root)), name_(std::move(name)), say_(std::move(say)) {}

// `1.0` of `1.0/anything`, as relx takes it. release_handler's paths are relative to the node's
// working directory: it has to be the release's root.
std::string ReleaseVersions::prepare(const std::string& given) {
  const std::string version = given.substr(0, given.find('/'));
  if (version.empty() || version == "." || version == "..") {
    throw Error("`" + given + "` is no version");
  }
  if (name_.empty()) {
    throw Error("which release?").with_hint("this command is run by the release's start script");
  }
  rpc_.call("file", "set_cwd", {Term::string(fs::absolute(root_).string())});
  return version;
}

Term ReleaseVersions::handler(const char* function, Terms arguments) {
  return rpc_.call("release_handler", function, std::move(arguments), Deadline::after(kTimeout));
}

std::vector<ReleaseVersions::Version> ReleaseVersions::versions() {
  std::vector<Version> versions;
  const Term releases = handler("which_releases", {});
  for (const Term& release : releases.elements()) {
    versions.push_back({text_of(release[1]), text_of(release[3])});
  }
  return versions;
}

std::optional<std::string> ReleaseVersions::status_of(const std::string& version) {
  for (const Version& one : versions()) {
    if (one.version == version) return one.status;
  }
  return std::nullopt;
}

void ReleaseVersions::list() {
  say_("Installed versions:");
  for (const Version& one : versions())
    say_("* " + one.version + "\t" + one.status);
}

// The current one, or, where none is marked so, the permanent one.
std::string ReleaseVersions::running_version() {
  std::string permanent;
  for (const Version& one : versions()) {
    if (one.status == "current") return one.version;
    if (one.status == "permanent") permanent = one.version;
  }
  return permanent;
}

// release_handler wants releases/VSN/NAME.tar.gz; the package may also lie in two other places.
// Returns where it was found; empty when nowhere.
fs::path ReleaseVersions::find_and_link_package(const std::string& version) {
  const fs::path releases = root_ / "releases";
  const fs::path link = releases / version / (name_ + ".tar.gz");
  const std::string file = name_ + "-" + version + ".tar.gz";
  for (const fs::path& package : {releases / file, releases / version / file, link}) {
    std::error_code error;
    if (!fs::exists(package, error)) continue;
    if (package == link) return package;
    sys::make_directories(link.parent_path());
    fs::remove(link, error);
    fs::create_symlink(fs::absolute(package), link);
    return package;
  }
  return {};
}

// True when it was not known before.
bool ReleaseVersions::unpack_if_unknown(const std::string& version) {
  if (status_of(version)) return false;
  const auto fail = [&](const std::string& reason) {
    say_("Unpack failed: " + reason);
    list();
    throw ReleaseError(2, "release " + version + " was not unpacked: " + reason);
  };
  const fs::path package = find_and_link_package(version);
  if (package.empty()) fail("release_package_not_found");
  say_("Release " + version + " not found, attempting to unpack " +
       fs::path(package).lexically_relative(root_).string());
  const Term unpacked = handler("unpack_release", {Term::string(version + "/" + name_)});
  if (!unpacked.is_tagged("ok", 2)) fail(term::print_pretty(unpacked[1]));
  say_("Unpacked successfully: " + quoted(text_of(unpacked[1])));
  return true;
}

void ReleaseVersions::unpack(const std::string& given) {
  const std::string version = prepare(given);
  const std::optional<std::string> status = status_of(version);
  if (!status) {
    unpack_if_unknown(version);
  } else if (*status == "old") {
    say_("Release " + version + " is marked old.");
  } else if (*status == "unpacked") {
    say_("Release " + version + " is already unpacked.");
  } else if (*status == "current") {
    say_("Release " + version + " is already installed and current.");
  } else {
    say_("Release " + version + " is already installed and set permanent.");
  }
}

void ReleaseVersions::install(const std::string& given, bool permanent) {
  const std::string version = prepare(given);
  const std::optional<std::string> status = status_of(version);
  if (!status) unpack_if_unknown(version);
  if (status == "old") say_("Release " + version + " is marked old, switching to it.");
  if (status == "unpacked") say_("Release " + version + " is already unpacked, now installing.");
  if (status == "current") {
    say_("Release " + version + " is already installed and current" +
         (permanent ? ", making permanent." : "."));
    if (permanent) make_permanent(version);
    return;
  }
  if (status == "permanent") {
    const std::string running = running_version();
    if (running == version) {
      say_("Release " + version + " is already installed, running and set permanent.");
      return;
    }
    say_("Release " + running + " is the currently running version.");
  }
  switch_to(version);
  if (permanent) make_permanent(version);
}

void ReleaseVersions::switch_to(const std::string& version) {
  const Term checked = handler("check_install_release", {Term::string(version)});
  if (!checked.is_tagged("ok", 3)) {
    throw ReleaseError(
        3, "release_handler:check_install_release failed: " + term::print_pretty(checked[1]));
  }
  const Term options = Term::list({Term::tuple({Term::atom("update_paths"), Term::boolean(true)})});
  const Term installed = handler("install_release", {Term::string(version), options});
  if (installed.is_tagged("ok", 3)) {
    say_("Installed Release: " + version);
    return;
  }
  const Term& reason = installed[1];
  if (reason.is_tagged("no_such_release", 2)) {
    list();
    throw ReleaseError(2, "Unable to revert to '" + version + "' - not installed.");
  }
  if (reason.is_tagged("old_processes", 2)) {
    throw ReleaseError(3, "unable to install '" + version +
                              "' - old processes still running code from module " +
                              term::print_pretty(reason[1]));
  }
  throw ReleaseError(4, "release_handler:install_release failed: " + term::print_pretty(reason));
}

void ReleaseVersions::make_permanent(const std::string& version) {
  const Term made = handler("make_permanent", {Term::string(version)});
  if (!made.is_atom("ok")) {
    throw ReleaseError(4, "release_handler:make_permanent failed: " + term::print_pretty(made));
  }
  // The start script of the version takes the place of the one without a version in its name.
  const fs::path script = root_ / "bin" / (name_ + "-" + version);
  std::error_code error;
  if (fs::is_regular_file(script, error)) {
    const unsigned mode = static_cast<unsigned>(fs::status(script).permissions());
    sys::write_file(root_ / "bin" / name_, sys::read_file(script), mode & 07777);
  }
  say_("Made release permanent: " + quoted(version));
}

void ReleaseVersions::uninstall(const std::string& given) {
  const std::string version = prepare(given);
  const std::optional<std::string> status = status_of(version);
  if (!status) {
    say_("Release " + version + " is already uninstalled.");
    return;
  }
  if (status == "current") {
    throw ReleaseError(2, "Uninstall failed: Release " + version + " is marked current.");
  }
  if (status == "permanent") {
    throw ReleaseError(2, "Uninstall failed: Release " + version + " is running.");
  }
  say_("Release " + version + " is marked " + *status + ", uninstalling it" +
       (status == "old" ? "." : ""));
  const Term removed = handler("remove_release", {Term::string(version)});
  if (!removed.is_atom("ok")) {
    throw ReleaseError(3, "release_handler:remove_release failed: " +
                              term::print_pretty(removed.is_tuple(2) ? removed[1] : removed));
  }
  say_("Uninstalled Release: " + version);
}

}  // namespace relmk::node
