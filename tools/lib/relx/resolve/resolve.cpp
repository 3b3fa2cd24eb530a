#include "relx/resolve/resolve.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "otp/application/code_path.h"
#include "sys/directory.h"
#include "sys/error.h"
#include "sys/workers.h"
#include "term/atoms.h"

namespace relmk::relx {
namespace {

enum class Links { Follow, Keep };

// The application directories of one lib directory, listed once, in the order of names.
class LibDirectory {
 public:
  // `links`: whether an application that is a link is taken to stand where that leads to.
  explicit LibDirectory(fs::path path, Links links = Links::Keep)
      : path_(std::move(path)), links_(links) {}

  // The NAME.app of every application directory that has one.
  std::vector<fs::path> find(const std::string& name) {
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
  const fs::path& path() const { return path_; }

 private:
  // Looks once into every application's directory, whatever number of applications is asked for.
  void list() {
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
    sys::for_each_parallel(files.size(), [&](size_t i) {
      files[i] = sys::names_in(directories_[i] / "ebin", ".app");
    });
    for (size_t i = 0; i < files.size(); ++i)
      for (const std::string& file : files[i])
        holders_[file].push_back(i);
  }

  fs::path path_;
  Links links_;
  bool listed_ = false;
  std::vector<fs::path> directories_;
  std::unordered_map<std::string, std::vector<size_t>> holders_;  // NAME.app: in which directories
};

class ApplicationFinder {
 public:
  ApplicationFinder(const RelxConfig& config, const ApplicationSources& sources)
      : config_(config),
        sources_(sources),
        project_apps_(sources.project_apps.begin(), sources.project_apps.end()) {
    // In a profile's lib, rebar3 links to the dependencies of the profile before it.
    for (const fs::path& path : sources.build_dirs)
      directories_.emplace_back(path, Links::Follow);
    // A directory of system libraries stands before the rest, and instead of the installation's.
    if (const auto* system = std::get_if<fs::path>(&config.system_libs)) add(*system);
    for (const fs::path& path : sources.lib_dirs)
      add(path);
    if (std::holds_alternative<bool>(config.system_libs)) system_ = LibDirectory(sources.otp->lib);
  }

  // nullopt when there is none of that name and version.
  std::optional<ResolvedApplication> find(Atom name, const std::optional<std::string>& version) {
    for (LibDirectory& directory : directories_) {
      if (auto found = choose(directory.find(name.text()), version, false)) return found;
    }
    if (!system_) return {};
    return choose(system_->find(name.text()), version, true);
  }

  // What is to be done about an application that was not found; empty where nothing is known of it.
  std::string advice(const std::string& name) const {
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
                         sources_.build_dirs.empty() ? "" : ": rebar3 compile");
    }
    return "";
  }

  std::string places() const {
    std::vector<std::string> all;
    for (const LibDirectory& directory : directories_)
      all.push_back(directory.path().string());
    if (system_) all.push_back(system_->path().string());
    return fmt::format("{}", fmt::join(all, ", "));
  }

 private:
  void add(const fs::path& path) { directories_.emplace_back(path); }

  // Of a lib directory's applications the first in the order of paths is taken, as relx does; of
  // the installation's own the one that the code server takes.
  std::optional<ResolvedApplication> choose(const std::vector<fs::path>& files,
                                            const std::optional<std::string>& version,
                                            bool is_system) {
    std::vector<otp::ApplicationResource> found;
    for (const fs::path& file : files) {
      otp::ApplicationResource resource = otp::read_application_resource(file);
      if (!version || resource.version == *version) found.push_back(std::move(resource));
    }
    if (found.empty()) return {};
    size_t best = 0;
    for (size_t i = 1; is_system && i < found.size(); ++i) {
      if (rank(found[best]) < rank(found[i])) best = i;
    }
    warn_of_others(found, best, is_system);
    const bool is_otps = is_system || is_below(found[best].directory, sources_.otp->lib);
    const bool is_project = !is_otps && is_of_project(found[best]);
    return ResolvedApplication{std::move(found[best]), is_otps, is_project};
  }

  static bool is_below(const fs::path& path, const fs::path& directory) {
    const fs::path way = fs::absolute(path).lexically_relative(directory);
    return !way.empty() && *way.begin() != "..";
  }

  // To the code server, a directory NAME-1.0-rc1 is not NAME's.
  static std::pair<bool, std::vector<unsigned long>> rank(
      const otp::ApplicationResource& resource) {
    const otp::LibraryName library = otp::library_name(resource.directory.filename().string());
    return {library.name == resource.name.text(), library.version};
  }

  bool is_of_project(const otp::ApplicationResource& resource) const {
    if (project_apps_.count(resource.name.text()) != 0) return true;
    if (sources_.project_root.empty()) return false;
    const auto* system = std::get_if<fs::path>(&config_.system_libs);
    if (system != nullptr && is_below(resource.directory, *system)) return false;
    const fs::path way = fs::absolute(resource.directory)
                             .lexically_normal()
                             .lexically_relative(sources_.project_root);
    return std::none_of(way.begin(), way.end(), [](const fs::path& step) {
      return step == ".." || step == "deps" || step.native().starts_with('_');
    });
  }

  void warn_of_others(const std::vector<otp::ApplicationResource>& found, size_t best,
                      bool is_system) const {
    for (size_t i = 0; i < found.size(); ++i) {
      if (i == best || found[i].version == found[best].version) continue;
      sys::warn(found[best].file, {},
                fmt::format("{} {} is taken, {} in {} is not: {}", found[best].name.text(),
                            found[best].version, found[i].version, found[i].directory.string(),
                            is_system ? "the highest version of OTP's own counts"
                                      : "the first in the order of names counts"));
    }
  }

  const RelxConfig& config_;
  const ApplicationSources& sources_;
  const std::unordered_set<std::string> project_apps_;
  std::vector<LibDirectory> directories_;
  std::optional<LibDirectory> system_;
};

class Resolution {
 public:
  Resolution(const RelxConfig& config, const ApplicationSources& sources)
      : config_(config), finder_(config, sources) {}

  std::vector<ResolvedApplication> run(const std::vector<Goal>& goals) {
    for (const Goal& goal : goals) {
      enter(goal.name, goal.version, goal.at);
      while (!way_.empty())
        step();
    }
    return std::move(applications_);
  }

 private:
  // An application whose needs are being placed. Not on the processor's stack: a chain of
  // applications may be as long as the release.
  struct Visit {
    ResolvedApplication application;
    std::vector<Atom> needs;
    size_t next = 0;
  };

  // Depth first: what an application needs is placed before it.
  void enter(Atom name, const std::optional<std::string>& version, Position at) {
    if (seen_.count(name.text()) != 0) return;
    std::optional<ResolvedApplication> found = finder_.find(name, version);
    if (!found) {
      const auto* needed_by = way_.empty() ? nullptr : &way_.back().application.resource;
      if (term::contains(config_.exclude_apps, name)) return;
      // Optional for one application only: another one may still insist on it.
      if (needed_by != nullptr && term::contains(needed_by->optional_applications, name)) return;
      throw not_found(name, version, needed_by, at);
    }
    seen_.insert(name.text());
    std::vector<Atom> needs;
    const otp::ApplicationResource& resource = found->resource;
    for (const auto* more :
         {&resource.applications, &resource.included_applications, &resource.optional_applications})
      needs.insert(needs.end(), more->begin(), more->end());
    way_.push_back({std::move(*found), std::move(needs)});
  }

  void step() {
    Visit& visit = way_.back();
    if (visit.next < visit.needs.size()) return enter(visit.needs[visit.next++], {}, {});
    if (!term::contains(config_.exclude_apps, visit.application.resource.name))
      applications_.push_back(std::move(visit.application));
    way_.pop_back();
  }

  Error not_found(Atom name, const std::optional<std::string>& version,
                  const otp::ApplicationResource* needed_by, Position at) const {
    std::string what = "Application needed for release not found: " + name.text();
    if (version) what += "-" + *version;
    const std::string whom =
        needed_by == nullptr
            ? "named by the release"
            : fmt::format("needed by {} ({})", needed_by->name.text(), needed_by->file);
    const std::string advice = finder_.advice(name.text());
    return Error(config_.file, at, what)
        .with_hint(advice.empty() ? fmt::format("{}; looked for in {}", whom, finder_.places())
                                  : fmt::format("{}; {}", whom, advice));
  }

  const RelxConfig& config_;
  ApplicationFinder finder_;
  std::unordered_set<std::string> seen_;
  std::vector<Visit> way_;  // from a goal to what is being placed
  std::vector<ResolvedApplication> applications_;
};

// The goal's own start type; else `load` for what another application includes (OTP starts it from
// there), else permanent. Parts that say what holds anyway are left out of the .rel.
otp::ReleaseApplication release_application(const otp::ApplicationResource& resource,
                                            const Goal* goal, bool is_included) {
  otp::ReleaseApplication out;
  out.name = resource.name;
  out.version = resource.version;
  if (goal == nullptr) {
    if (is_included) out.type = otp::StartType::Load;
    return out;
  }
  out.included_applications = goal->included_applications;
  out.type = goal->type;
  if (out.type == otp::StartType::Permanent && !out.included_applications) out.type.reset();
  return out;
}

// {include_erts, Directory}: the version is that of the first erts-VSN in it.
std::string erts_version_in(const fs::path& directory, const std::string& file) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("erts-", 0) == 0) found.push_back(name.substr(5));
  }
  if (found.empty()) throw Error(file, "Unable to find erts in " + directory.string());
  return *std::min_element(found.begin(), found.end());
}

// Kazoo's scripts make every application `load`, and so kernel and stdlib where a release names
// them: no release boots so.
void make_mandatory_permanent(otp::ReleaseResource& release, const std::string& file,
                              const ConfiguredRelease& configured) {
  for (otp::ReleaseApplication& application : release.applications) {
    const std::string& name = application.name.text();
    const otp::StartType type = application.type.value_or(otp::StartType::Permanent);
    if ((name != "kernel" && name != "stdlib") || type == otp::StartType::Permanent) continue;
    sys::warn(file, application.at ? application.at : configured.at,
              name + " is made permanent: a release does not boot where it is of type `" +
                  otp::start_type_text(type) + "`");
    application.type.reset();
  }
}

}  // namespace

ResolvedRelease resolve_release(const RelxConfig& config, const ConfiguredRelease& release,
                                const ApplicationSources& sources) {
  if (release.goals.empty()) {
    throw Error(config.file, release.at,
                fmt::format("No applications configured to be included in release {}-{}",
                            release.name.text(), release.version));
  }
  ResolvedRelease resolved;
  resolved.applications = Resolution(config, sources).run(release.goals);
  resolved.release.name = release.name.text();
  resolved.release.version = release.version;
  resolved.release.erts_version = release.erts_version.value_or(sources.otp->erts_version);
  if (const auto* directory = std::get_if<fs::path>(&config.include_erts)) {
    resolved.release.erts_version = erts_version_in(*directory, config.file);
  }
  std::unordered_map<std::string, const Goal*> goals;  // the first of each name
  for (const Goal& goal : release.goals)
    goals.emplace(goal.name.text(), &goal);
  std::unordered_set<std::string> included;
  for (const ResolvedApplication& application : resolved.applications) {
    for (const Atom name : application.resource.included_applications)
      included.insert(name.text());
  }
  for (const ResolvedApplication& application : resolved.applications) {
    const otp::ApplicationResource& resource = application.resource;
    const auto goal = goals.find(resource.name.text());
    resolved.release.applications.push_back(
        release_application(resource, goal == goals.end() ? nullptr : goal->second,
                            included.count(resource.name.text()) != 0));
  }
  make_mandatory_permanent(resolved.release, config.file, release);
  otp::check_mandatory_applications(resolved.release, config.file, release.at);
  return resolved;
}

}  // namespace relmk::relx
