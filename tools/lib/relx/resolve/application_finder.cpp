#include "relx/resolve/application_finder.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <unordered_set>

#include "otp/application/code_path.h"
#include "sys/directory.h"
#include "sys/error.h"
#include "sys/words.h"
#include "sys/workers.h"

namespace relmk::relx {
namespace {

bool lies_in(const fs::path& path, const fs::path& directory) {
  const fs::path way = fs::absolute(path).lexically_relative(directory);
  return !way.empty() && *way.begin() != "..";
}

// To the code server, a directory NAME-1.0-rc1 is not NAME's.
std::pair<bool, std::vector<unsigned long>> rank(const otp::ApplicationResource& resource) {
  const otp::LibraryName library = otp::library_name(resource.directory.filename().string());
  return {library.name == resource.name.text(), library.version};
}

void warn_of_others(const std::vector<otp::ApplicationResource>& found, size_t best,
                    bool is_system) {
  for (size_t i = 0; i < found.size(); ++i) {
    if (i == best || found[i].version == found[best].version) continue;
    sys::warn(found[best].file, {},
              fmt::format("{} {} is taken, {} in {} is not: {}", found[best].name.text(),
                          found[best].version, found[i].version, found[i].directory.string(),
                          is_system ? "the highest version of OTP's own counts"
                                    : "the first in the order of names counts"));
  }
}

// The names, each once, and those that are needed by what is read, on whatever thread.
class Names {
 public:
  // Returns how many there are then.
  size_t add(const std::vector<Atom>& names) {
    const std::lock_guard hold(lock_);
    for (const Atom name : names)
      if (known_.insert(name.text()).second) names_.push_back(name.text());
    return names_.size();
  }
  std::string at(size_t i) {
    const std::lock_guard hold(lock_);
    return names_[i];
  }

 private:
  std::mutex lock_;
  std::unordered_set<std::string> known_;
  std::vector<std::string> names_;
};

}  // namespace

LibDirectory::LibDirectory(fs::path path, Links links) : path_(std::move(path)), links_(links) {}

void LibDirectory::list() {
  if (listed_) return;
  listed_ = true;
  for (const std::string& name : sys::names_in(path_, "")) {
    std::error_code no_link;
    const fs::path target =
        links_ == Links::Follow ? fs::read_symlink(path_ / name, no_link) : fs::path();
    directories_.push_back(target.empty() ? path_ / name : (path_ / target).lexically_normal());
  }
  std::sort(directories_.begin(), directories_.end(),
            [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
  std::vector<std::vector<std::string>> files(directories_.size());
  sys::for_each_parallel(
      files.size(), [&](size_t i) { files[i] = sys::names_in(directories_[i] / "ebin", ".app"); });
  for (size_t i = 0; i < files.size(); ++i)
    for (const std::string& file : files[i])
      holders_[file].push_back(i);
}

std::vector<fs::path> LibDirectory::find(const std::string& name) {
  list();
  std::vector<fs::path> found;
  const auto holders = holders_.find(name + ".app");
  if (holders == holders_.end()) return found;
  std::error_code ignored;
  for (const size_t holder : holders->second) {
    fs::path file = directories_[holder] / "ebin" / (name + ".app");
    if (fs::is_regular_file(file, ignored)) found.push_back(std::move(file));
  }
  return found;
}

ApplicationFinder::ApplicationFinder(const RelxConfig& config, const ApplicationSources& sources)
    : config_(config),
      sources_(sources),
      project_apps_(sources.project_apps.begin(), sources.project_apps.end()) {
  // In a profile's lib, rebar3 links to the dependencies of the profile before it.
  for (const fs::path& path : sources.build_dirs)
    directories_.emplace_back(path, LibDirectory::Links::Follow);
  // A directory of system libraries stands before the rest, and instead of the installation's.
  if (const auto* system = std::get_if<fs::path>(&config.system_libs))
    directories_.emplace_back(*system);
  std::unordered_set<std::string> known;
  for (const fs::path& path : sources.lib_dirs)
    if (known.insert(path.native()).second) directories_.emplace_back(path);
  if (std::holds_alternative<bool>(config.system_libs)) system_ = LibDirectory(sources.otp->lib);
}

size_t ApplicationFinder::places_count() const {
  return directories_.size() + (system_ ? 1 : 0);
}

ApplicationFinder::Resources ApplicationFinder::read(size_t place, const std::string& name) {
  LibDirectory& directory = place < directories_.size() ? directories_[place] : *system_;
  Resources resources;
  for (const fs::path& file : directory.find(name))
    resources.push_back(otp::read_application_resource(file));
  return resources;
}

ApplicationFinder::FirstRead ApplicationFinder::read_first(const std::string& name) {
  FirstRead first;
  try {
    while (first.resources.empty() && first.place < places_count())
      first.resources = read(first.place++, name);
    if (!first.resources.empty()) --first.place;
  } catch (const Error&) {
    first.error = std::current_exception();
  }
  return first;
}

void ApplicationFinder::read_ahead(const std::vector<Atom>& names) {
  for (LibDirectory& directory : directories_)
    directory.list();
  if (system_) system_->list();
  Names all;
  std::mutex lock;
  sys::for_each_found(all.add(names), [&](size_t i) {
    const std::string name = all.at(i);
    FirstRead first = read_first(name);
    std::vector<Atom> needs;
    for (const otp::ApplicationResource& resource : first.resources)
      for (const auto* more : {&resource.applications, &resource.included_applications,
                               &resource.optional_applications})
        needs.insert(needs.end(), more->begin(), more->end());
    {
      const std::lock_guard hold(lock);
      ahead_.emplace(name, std::move(first));
    }
    return all.add(needs);
  });
}

std::optional<ResolvedApplication> ApplicationFinder::find(
    Atom name, const std::optional<std::string>& version) {
  auto ahead = ahead_.extract(name.text());
  FirstRead first = ahead ? std::move(ahead.mapped()) : read_first(name.text());
  if (first.error) std::rethrow_exception(first.error);
  for (size_t place = first.place; place < places_count(); ++place) {
    Resources found = place == first.place ? std::move(first.resources) : read(place, name.text());
    if (auto chosen = choose(std::move(found), version, place == directories_.size()))
      return chosen;
  }
  return {};
}

// Of a lib directory's applications the first in the order of paths is taken, as relx does; of
// the installation's own the one that the code server takes.
std::optional<ResolvedApplication> ApplicationFinder::choose(
    Resources found, const std::optional<std::string>& version, bool is_system) const {
  std::erase_if(found, [&](const otp::ApplicationResource& resource) {
    return version && resource.version != *version;
  });
  if (found.empty()) return {};
  size_t best = 0;
  for (size_t i = 1; is_system && i < found.size(); ++i) {
    if (rank(found[best]) < rank(found[i])) best = i;
  }
  warn_of_others(found, best, is_system);
  const bool is_otps = is_system || lies_in(found[best].directory, sources_.otp->lib);
  const bool is_project = !is_otps && is_of_project(found[best]);
  return ResolvedApplication{std::move(found[best]), is_otps, is_project};
}

bool ApplicationFinder::is_of_project(const otp::ApplicationResource& resource) const {
  if (project_apps_.count(resource.name.text()) != 0) return true;
  if (sources_.project_root.empty()) return false;
  const auto* system = std::get_if<fs::path>(&config_.system_libs);
  if (system != nullptr && lies_in(resource.directory, *system)) return false;
  const fs::path way =
      fs::absolute(resource.directory).lexically_normal().lexically_relative(sources_.project_root);
  return std::none_of(way.begin(), way.end(), [](const fs::path& step) {
    return step == ".." || step == "deps" || step.native().starts_with('_');
  });
}

std::string ApplicationFinder::found_versions(const std::string& name) {
  std::vector<std::string> found;
  for (size_t place = 0; place < places_count(); ++place) {
    for (const otp::ApplicationResource& resource : read(place, name))
      found.push_back(fmt::format("{} in {}", resource.version, resource.directory.string()));
  }
  return found.empty() ? "" : "there is " + sys::joined(found, ", ");
}

// Why a directory that could hold the application can't be read; empty where all can.
std::string ApplicationFinder::unreadable(const std::string& name) const {
  std::vector<fs::path> all;
  for (const LibDirectory& directory : directories_) {
    all.push_back(directory.path());
    for (const std::string& child : sys::names_in(directory.path()))
      if (otp::library_name(child).name == name) all.push_back(directory.path() / child / "ebin");
  }
  for (const fs::path& path : all) {
    std::error_code error;
    const fs::directory_iterator listed(path, error);
    if (error == std::errc::permission_denied)
      return fmt::format("{} cannot be read: {}", path.string(), error.message());
  }
  return "";
}

std::string ApplicationFinder::advice(const std::string& name) {
  if (std::string versions = found_versions(name); !versions.empty()) return versions;
  if (std::string reason = unreadable(name); !reason.empty()) return reason;
  std::vector<fs::path> roots = {"apps", "lib", "deps"};
  for (const LibDirectory& directory : directories_)
    roots.push_back(directory.path());
  std::vector<fs::path> sources = {fs::path("src") / (name + ".app.src")};
  for (const fs::path& root : roots)
    sources.push_back(root / name / "src" / (name + ".app.src"));
  std::error_code ignored;
  for (const fs::path& source : sources) {
    if (!fs::exists(source, ignored)) continue;
    return fmt::format("{} is not compiled{}", source.string(),
                       sources_.compile_command.empty() ? "" : ": " + sources_.compile_command);
  }
  return "";
}

std::string ApplicationFinder::places() const {
  std::vector<std::string> all;
  for (const LibDirectory& directory : directories_)
    all.push_back(directory.path().string());
  if (system_) all.push_back(system_->path().string());
  return sys::joined(all, ", ");
}

}  // namespace relmk::relx
