#include "relx/release/release_relup.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <optional>

#include "otp/application/code_path.h"
#include "otp/application/installation.h"
#include "otp/application/print_line.h"
#include "otp/release/release_applications.h"
#include "otp/release/release_resource.h"
#include "otp/upgrade/appup_search.h"
#include "otp/upgrade/relup.h"
#include "relx/config/version.h"
#include "sys/error.h"
#include "sys/temporary_directory.h"
#include "sys/words.h"
#include "term/print.h"

namespace relmk::relx {
namespace {

using otp::ApplicationChange;
using otp::ApplicationResource;
using otp::ReleaseApplications;
using otp::UpgradeDirection;

// What is wanted of a tarball: lib/APP-VSN/ebin/FILE, and the small files of releases.
bool is_wanted(const fs::path& path) {
  const std::vector<fs::path> parts(path.begin(), path.end());
  if (std::find(parts.begin(), parts.end(), "..") != parts.end() || path.is_absolute())
    return false;
  if (parts.size() == 4 && parts[0] == "lib" && parts[2] == "ebin") return true;
  return parts.size() >= 2 && parts[0] == "releases" &&
         (path.extension() == ".rel" || path.filename() == "start_erl.data");
}

void unpack(const std::string& tarball, const fs::path& to) {
  const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(),
                                                                      archive_read_free);
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  constexpr size_t kBlock = 1 << 16;
  const auto fail = [&] {
    const char* why = archive_error_string(reader.get());
    throw Error(tarball, std::string("cannot be unpacked: ") + (why ? why : "it is damaged"));
  };
  if (archive_read_open_filename(reader.get(), tarball.c_str(), kBlock) != ARCHIVE_OK) fail();
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK ||
         status == ARCHIVE_WARN) {
    const fs::path path = fs::path(archive_entry_pathname(entry)).lexically_normal();
    if (archive_entry_filetype(entry) != AE_IFREG || !is_wanted(path)) continue;
    std::string bytes;
    std::vector<char> block(kBlock);
    la_ssize_t got = 0;
    while ((got = archive_read_data(reader.get(), block.data(), block.size())) > 0)
      bytes.append(block.data(), static_cast<size_t>(got));
    if (got < 0) fail();
    sys::make_directories((to / path).parent_path());
    sys::write_file(to / path, bytes);
  }
  if (status != ARCHIVE_EOF) fail();
}

// The second word of releases/start_erl.data.
std::string last_version(const fs::path& root) {
  const fs::path file = root / "releases" / "start_erl.data";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    throw Error(file.string(), "no release is assembled here").with_hint("build the release first");
  }
  const std::string text = sys::read_file(file);
  const size_t space = text.find(' ');
  const size_t end = text.find_first_of(" \n", space + 1);
  if (space == text.npos) throw Error(file.string(), "expected `ERTS-VERSION VERSION`");
  return text.substr(space + 1, end == text.npos ? end : end - space - 1);
}

bool is_tarball(const std::string& text) {
  std::error_code ignored;
  return text.ends_with(".tar.gz") || text.ends_with(".tgz") || text.ends_with(".tar") ||
         (text.find('/') != text.npos && fs::is_regular_file(text, ignored));
}

std::string versions_in(const fs::path& root) {
  std::vector<std::string> versions;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root / "releases", ignored))
    if (entry.is_directory(ignored)) versions.push_back(entry.path().filename().string());
  std::sort(versions.begin(), versions.end());
  return sys::joined(versions, ", ");
}

// Whether version `a` is below `b`: in rlx_relup's order, where that has one for both. What it
// takes for 0.0.0 (hashes of git, four numbers), and what it takes for equal (builds), goes by
// name, numbers in it by their value.
bool is_below(const std::string& a, const std::string& b) {
  if (is_ordered_version(a) && is_ordered_version(b)) {
    if (const int by = compare_versions(a, b)) return by < 0;
  }
  return ::strverscmp(a.c_str(), b.c_str()) < 0;
}

// The highest version of a release that is there and below `version`.
std::string version_before(const fs::path& root, const std::string& name,
                           const std::string& version) {
  std::optional<std::string> highest;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root / "releases", ignored)) {
    const std::string other = entry.path().filename().string();
    if (!is_below(other, version) || (highest && is_below(other, *highest))) continue;
    if (fs::is_regular_file(entry.path() / (name + ".rel"), ignored)) highest = other;
  }
  if (highest) return *highest;
  throw Error((root / "releases").string(),
              fmt::format("there is no release {} before version {}", name, version))
      .with_hint("build the old release first, or say what to upgrade from: -u VERSION|TARBALL");
}

// A release on disk: where it stands, and its applications.
struct Release {
  fs::path root;
  ReleaseApplications applications;
};

class Maker {
 public:
  explicit Maker(const ReleaseRelupRequest& request)
      : request_(request),
        installation_(otp::find_installation(request.environment)),
        repetitions_(otp::repetitions(installation_)) {}

  ReleaseRelup make();

 private:
  Release read(const fs::path& root, const std::string& version) const;
  Release read_old(const std::string& from);
  void check_unchanged(const Release& old) const;
  otp::FoundAppup& find(const Release& old, const ApplicationResource& newer);
  void add_upgrade(const Release& old);
  ApplicationChange change_of(const ApplicationResource& newer, const Release& old);
  std::vector<sys::FileContent> appup_files();

  const ReleaseRelupRequest& request_;
  otp::Installation installation_;
  otp::Repetitions repetitions_;
  std::vector<std::unique_ptr<sys::TemporaryDirectory>> unpacked_;
  std::optional<Release> top_;
  std::map<std::pair<std::string, std::string>, otp::FoundAppup> found_;  // by name and old version
  std::vector<otp::UpgradeWarning> warnings_;
  Terms up_;
  Terms down_;
  ReleaseRelup relup_;
};

Release Maker::read(const fs::path& root, const std::string& version) const {
  const fs::path file = root / "releases" / version / (request_.name + ".rel");
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    throw Error(file.string(),
                fmt::format("there is no release {} of version {}", request_.name, version))
        .with_hint("versions here: " + versions_in(root));
  }
  otp::CodePath path;
  path.add((root / "lib" / "*" / "ebin").string());
  if (root != request_.root) path.add((request_.root / "lib" / "*" / "ebin").string());
  path.add_installation(installation_, request_.environment);
  Release release{root, otp::load_release_applications(otp::read_release_resource(file.string()),
                                                       file.string(), path, repetitions_)};
  otp::check_upgradable(release.applications);
  return release;
}

Release Maker::read_old(const std::string& from) {
  if (!is_tarball(from)) return read(request_.root, from);
  unpacked_.push_back(std::make_unique<sys::TemporaryDirectory>("relmk-relup"));
  const fs::path root = unpacked_.back()->path();
  unpack(from, root);
  try {
    return read(root, last_version(root));
  } catch (const Error& error) {
    throw Error(from, error.message()).with_hint(error.hint());
  }
}

// Where both versions of the release have an application of one version, its code must be one.
void Maker::check_unchanged(const Release& old) const {
  if (old.root == top_->root) return;
  for (const ApplicationResource& newer : top_->applications.resources) {
    for (const ApplicationResource& older : old.applications.resources) {
      if (older.name == newer.name && older.version == newer.version)
        otp::check_same_version(older, newer);
    }
  }
}

otp::FoundAppup& Maker::find(const Release& old, const ApplicationResource& newer) {
  for (const ApplicationResource& older : old.applications.resources) {
    if (older.name != newer.name) continue;
    const std::pair key(newer.name.text(), older.version);
    const auto known = found_.find(key);
    if (known != found_.end()) return known->second;
    otp::FoundAppup found = otp::find_appup(older, newer, request_.appups);
    relup_.warnings.insert(relup_.warnings.end(), found.warnings.begin(), found.warnings.end());
    return found_.emplace(key, std::move(found)).first->second;
  }
  throw Error(newer.file, "the old release does not hold it");
}

ApplicationChange Maker::change_of(const ApplicationResource& newer, const Release& old) {
  ApplicationChange change;
  change.name = newer.name;
  change.to = newer.version;
  change.kind = ApplicationChange::Kind::Added;
  for (const ApplicationResource& older : old.applications.resources) {
    if (older.name != newer.name) continue;
    change.from = older.version;
    change.kind = older.version == newer.version ? ApplicationChange::Kind::Unchanged
                                                 : ApplicationChange::Kind::Changed;
  }
  if (change.kind != ApplicationChange::Kind::Changed) return change;
  const otp::FoundAppup& found = find(old, newer);
  change.source = found.source;
  change.file = found.file;
  change.instructions = found.up;
  return change;
}

void Maker::add_upgrade(const Release& old) {
  check_unchanged(old);
  const otp::AppupScripts scripts = [&](UpgradeDirection direction,
                                        const ApplicationResource& newer, const std::string&) {
    const otp::FoundAppup& found = find(old, newer);
    return otp::UpgradeScript{direction == UpgradeDirection::Up ? found.up : found.down,
                              found.file};
  };
  otp::RelupRequest request{UpgradeDirection::Up, &top_->applications, &old.applications,
                            request_.restart_emulator};
  up_.push_back(otp::relup_entry(request, scripts, warnings_));
  request.direction = UpgradeDirection::Down;
  down_.push_back(otp::relup_entry(request, scripts, warnings_));

  ReleaseUpgrade upgrade{old.applications.release.version, {}, false};
  for (const Term& instruction : up_.back()[2].elements())
    upgrade.restarts_emulator |=
        instruction.is_atom("restart_new_emulator") || instruction.is_atom("restart_emulator");
  for (const ApplicationResource& newer : top_->applications.resources) {
    ApplicationChange change = change_of(newer, old);
    if (change.kind != ApplicationChange::Kind::Unchanged)
      upgrade.changes.push_back(std::move(change));
  }
  for (const ApplicationResource& older : old.applications.resources) {
    const auto& now = top_->applications.resources;
    if (std::any_of(now.begin(), now.end(),
                    [&](const auto& app) { return app.name == older.name; }))
      continue;
    ApplicationChange change;
    change.kind = ApplicationChange::Kind::Removed;
    change.name = older.name;
    change.from = older.version;
    upgrade.changes.push_back(std::move(change));
  }
  relup_.upgrades.push_back(std::move(upgrade));
}

// The release's own copies of appups, with the entries that were made.
std::vector<sys::FileContent> Maker::appup_files() {
  std::vector<sys::FileContent> files;
  const fs::path root = fs::weakly_canonical(request_.root);
  for (const ApplicationResource& newer : top_->applications.resources) {
    Terms up, down;
    for (const auto& [key, found] : found_) {
      if (key.first != newer.name.text()) continue;
      const Term version = Term::string(key.second);
      if (found.made_up) up.push_back(Term::tuple({version, found.up}));
      if (found.made_down) down.push_back(Term::tuple({version, found.down}));
    }
    const fs::path ebin = fs::weakly_canonical(newer.ebin);
    const auto inside = ebin.lexically_relative(root);
    if ((up.empty() && down.empty()) || inside.empty() || *inside.begin() == "..") continue;
    const fs::path file = ebin / (newer.name.text() + ".appup");
    files.push_back({file, otp::merged_appup_text(file.string(), newer, up, down)});
  }
  return files;
}

ReleaseRelup Maker::make() {
  relup_.version = request_.version.empty() ? last_version(request_.root) : request_.version;
  top_ = read(request_.root, relup_.version);
  std::vector<std::string> up_from = request_.up_from;
  if (up_from.empty())
    up_from.push_back(version_before(request_.root, request_.name, relup_.version));
  for (const std::string& from : up_from) {
    const Release old = read_old(from);
    if (old.applications.release.version == relup_.version)
      throw Error(from, fmt::format("it is of version {}, as the new release", relup_.version));
    add_upgrade(old);
  }
  relup_.file = request_.root / "releases" / relup_.version / "relup";
  std::vector<sys::FileContent> files = appup_files();
  files.push_back({relup_.file, otp::relup_text(otp::relup_term(relup_.version, up_, down_))});
  sys::write_files(files);
  for (const otp::UpgradeWarning& warning : warnings_) {
    std::string line = Error(warning.file, warning.at, warning.message).text();
    constexpr std::string_view kError = " error: ";
    relup_.warnings.push_back(line.replace(line.find(kError), kError.size(), " warning: "));
  }
  return std::move(relup_);
}

// The instructions in short: `update server, load_module tool`.
std::string in_short(const Term& instructions) {
  std::vector<std::string> words;
  for (const Term& i : instructions.elements()) {
    if (i.is_tuple() && i.elements().size() > 1 && i[0].is_atom())
      words.push_back(i[0].atom_text() + " " + otp::print_line(i[1]));
    else
      words.push_back(otp::print_line(i));
  }
  return words.empty() ? "nothing but its version" : sys::joined(words, ", ");
}

std::string what_happens(const ApplicationChange& change) {
  using Kind = ApplicationChange::Kind;
  using Source = ApplicationChange::Source;
  if (change.kind == Kind::Added) return "is started";
  if (change.kind == Kind::Removed) return "is stopped";
  const std::string source =
      change.source == Source::Made ? "made" : fs::path(change.file).filename().string();
  return fmt::format("{} ({})", in_short(change.instructions), source);
}

}  // namespace

ReleaseRelup make_release_relup(const ReleaseRelupRequest& request) {
  return Maker(request).make();
}

std::string upgrade_table(const std::string& name, const ReleaseRelup& relup) {
  std::string out;
  for (const ReleaseUpgrade& upgrade : relup.upgrades) {
    out += fmt::format("{} {} -> {}{}\n", name, upgrade.from, relup.version,
                       upgrade.restarts_emulator ? ", the emulator is restarted" : "");
    size_t width = 0;
    for (const ApplicationChange& change : upgrade.changes)
      width = std::max(width, change.name.text().size());
    for (const ApplicationChange& change : upgrade.changes) {
      out += fmt::format("  {:<{}}  {} -> {}  {}\n", change.name.text(), width,
                         change.from.empty() ? "-" : change.from,
                         change.to.empty() ? "-" : change.to, what_happens(change));
    }
    if (upgrade.changes.empty()) out += "  no application changes\n";
  }
  return out;
}

}  // namespace relmk::relx
