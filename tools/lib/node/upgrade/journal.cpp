#include "node/upgrade/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "node/upgrade/configuration.h"
#include "node/upgrade/permanent_files.h"
#include "node/upgrade/restart_program.h"
#include "node/upgrade/unpack.h"
#include "otp/release/release_resource.h"
#include "otp/release/releases_file.h"
#include "sys/order.h"
#include "sys/output.h"
#include "sys/owner.h"
#include "term/consult.h"

namespace relmk::node {
namespace {

constexpr const char* kKept[] = {"RELEASES", "start_erl.data"};

bool leads_somewhere(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// Every version that lies there complete, as release_handler would list it; `permanent` is the one.
std::vector<otp::InstalledRelease> versions_on_disk(const start::ReleasePlace& release) {
  std::vector<otp::InstalledRelease> all;
  for (const auto& entry : fs::directory_iterator(release.root / "releases")) {
    const fs::path file = entry.path() / (release.name + ".rel");
    if (!leads_somewhere(file)) continue;
    const otp::ReleaseResource resource = otp::read_release_resource(file);
    otp::InstalledRelease one{resource.name,
                              resource.version,
                              resource.erts_version,
                              {},
                              resource.version == release.version ? "permanent" : "unpacked"};
    bool complete = true;
    for (const otp::ReleaseApplication& application : resource.applications) {
      complete = complete && leads_somewhere(release.root / library_path(application));
      one.libraries.push_back(
          {application.name, application.version, "./" + library_path(application)});
    }
    if (complete) all.push_back(std::move(one));
  }
  sys::put_in_order(all, [](const auto& a, const auto& b) {
    return (a.status == "permanent") > (b.status == "permanent");
  });
  return all;
}

bool has_permanent(const std::vector<otp::InstalledRelease>& all) {
  return std::any_of(all.begin(), all.end(),
                     [](const auto& one) { return one.status == "permanent"; });
}

std::vector<otp::InstalledRelease> read_or_none(const fs::path& file) {
  try {
    return otp::read_releases(file);
  } catch (const Error&) {
    return {};
  }
}

// RELEASES and start_erl.data that say: this version is permanent.
void make_permanent_on_disk(const start::ReleasePlace& release) {
  const fs::path releases = release.root / "releases";
  std::vector<otp::InstalledRelease> all = read_or_none(releases / "RELEASES");
  const auto own = std::find_if(all.begin(), all.end(),
                                [&](const auto& one) { return one.version == release.version; });
  if (own == all.end()) {
    all = versions_on_disk(release);
  } else {
    for (auto& one : all) {
      if (one.version == release.version)
        one.status = "permanent";
      else if (one.status == "permanent" || one.status == "tmp_current")
        one.status = "old";
    }
  }
  if (!has_permanent(all)) return;
  sys::write_file(releases / "RELEASES", otp::releases_text(all));
  for (const auto& one : all) {
    if (one.status != "permanent") continue;
    sys::write_file(releases / "start_erl.data",
                    otp::start_erl_data_text({one.erts_version, one.version}));
  }
}

// A version whose directory is gone: the node was killed while it was taken back.
void forget_lost(const fs::path& releases) {
  std::vector<otp::InstalledRelease> all = read_or_none(releases / "RELEASES");
  const size_t lost = std::erase_if(all, [&](const otp::InstalledRelease& one) {
    return one.status != "permanent" && !leads_somewhere(releases / one.version);
  });
  if (lost > 0) sys::write_file(releases / "RELEASES", otp::releases_text(all));
}

bool has_readable_start_data(const fs::path& file) {
  try {
    otp::read_start_erl_data(file);
    return true;
  } catch (const Error&) {
    return !leads_somewhere(file);
  }
}

// release_handler itself may have made the version permanent, of which start_erl.data tells: then
// bin/NAME is another version's still. One that is no version's is the user's.
void take_over_start_script(const start::ReleasePlace& release) {
  const fs::path releases = release.root / "releases";
  if (!leads_somewhere(releases / "start_erl.data") ||
      otp::read_start_erl_data(releases / "start_erl.data").release_version != release.version ||
      has_its_start_script(release.root, release.name, release.version)) {
    return;
  }
  std::vector<std::string> versions;
  for (const auto& one : read_or_none(releases / "RELEASES"))
    versions.push_back(one.version);
  if (const auto from = version_of_start_script(release.root, release.name, versions))
    PermanentFiles(release.root, release.name, *from, release.version).place();
}

void repair(const start::ReleasePlace& release) {
  const fs::path releases = release.root / "releases";
  Journal journal(releases);
  if (const auto upgrade = journal.read()) {
    for (const std::string& version : {upgrade->from, upgrade->to})
      PlacedConfiguration::put_back(releases / version / "sys.config");
    RestartProgram::remove_left(release.root);
    if (release.version == upgrade->from || release.version == upgrade->to) {
      const std::string& other = release.version == upgrade->from ? upgrade->to : upgrade->from;
      if (const auto failed = journal.restore()) throw *failed;
      make_permanent_on_disk(release);
      PermanentFiles(release.root, release.name, other, release.version).place();
    }
    journal.end();
  } else if (!journal.is_readable() || !has_readable_start_data(releases / "start_erl.data")) {
    make_permanent_on_disk(release);
  } else {
    take_over_start_script(release);
  }
  forget_lost(releases);
}

}  // namespace

std::optional<int> UpgradeLock::try_lock(const fs::path& releases) {
  const int fd = ::open(releases.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  ::close(fd);
  return std::nullopt;
}

UpgradeLock::UpgradeLock(const fs::path& releases) {
  const auto fd = try_lock(releases);
  if (!fd && !leads_somewhere(releases)) throw Error(releases, "there is no such directory");
  if (!fd) {
    throw Error("another command is changing this release").with_hint("wait until it is done");
  }
  fd_ = *fd;
}

UpgradeLock::~UpgradeLock() {
  ::close(fd_);
}

void Journal::begin(const UpgradeJournal& upgrade) {
  sys::remove_tree(directory());
  try {
    sys::make_directories(directory());
    for (const char* name : kKept)
      if (leads_somewhere(releases_ / name))
        sys::write_file(directory() / name, sys::read_file(releases_ / name));
    // Last: a journal that holds this file is whole.
    sys::write_file(directory() / "versions", upgrade.from + "\n" + upgrade.to + "\n");
    sys::give_to_owner_of(directory(), releases_);
  } catch (const Error&) {
    end();
    throw;
  }
  if (const int fd = ::open(directory().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); fd >= 0) {
    ::syncfs(fd);
    ::close(fd);
  }
}

std::optional<UpgradeJournal> Journal::read() const {
  if (!leads_somewhere(directory() / "versions")) return std::nullopt;
  const std::string text = sys::read_file(directory() / "versions");
  const size_t first = text.find('\n'), second = text.find('\n', first + 1);
  if (second == text.npos) return std::nullopt;
  return UpgradeJournal{text.substr(0, first), text.substr(first + 1, second - first - 1)};
}

bool Journal::is_readable() const {
  return !leads_somewhere(releases_ / "RELEASES") || !read_or_none(releases_ / "RELEASES").empty();
}

std::optional<Error> Journal::restore() const {
  std::optional<Error> failed;
  for (const char* name : kKept) {
    const fs::path copy = directory() / name, place = releases_ / name;
    if (!leads_somewhere(copy)) continue;
    std::error_code error;
    fs::rename(copy, place, error);
    if (!error || failed) continue;
    failed = sys::system_error(place, "cannot be put back as it was", error.value())
                 .with_hint(
                     "see to it that the directory can be written; then the next command, or "
                     "start, puts it back from " +
                     copy.string());
  }
  return failed;
}

std::optional<Error> Journal::undo() {
  std::optional<Error> failed = restore();
  if (!failed) end();
  return failed;
}

void Journal::end() {
  std::error_code error;
  fs::remove(directory() / "versions", error);
  fs::remove_all(directory(), error);
}

void repair_releases(const start::ReleasePlace& release) {
  const fs::path releases = release.root / "releases";
  if (::access(releases.c_str(), W_OK) != 0) return;
  const auto fd = UpgradeLock::try_lock(releases);
  if (!fd) return;
  try {
    repair(release);
  } catch (const Error& error) {
    sys::warn(error.file(), error.position(), error.message());
    if (!error.hint().empty()) sys::say("hint: " + error.hint());
  } catch (const std::exception& error) {
    sys::warn(releases, {}, error.what());
  }
  ::close(*fd);
}

}  // namespace relmk::node
