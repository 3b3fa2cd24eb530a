#include "relx/resolve/resolve.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "relx/resolve/application_finder.h"
#include "sys/error.h"
#include "term/atoms.h"

namespace relmk::relx {
namespace {

class Resolution {
 public:
  Resolution(const RelxConfig& config, const ApplicationSources& sources)
      : config_(config), finder_(config, sources) {}

  std::vector<ResolvedApplication> run(const std::vector<Goal>& goals) {
    std::vector<Atom> names;
    for (const Goal& goal : goals)
      names.push_back(goal.name);
    finder_.read_ahead(names);
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
                  const otp::ApplicationResource* needed_by, Position at) {
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
