#include "otp/upgrade/application_upgrade.h"

#include <fmt/core.h>

#include <algorithm>

#include "otp/application/application_resource.h"
#include "otp/upgrade/application_version.h"
#include "otp/upgrade/appup_search.h"
#include "otp/upgrade/made_appup.h"
#include "sys/error.h"
#include "sys/words.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

struct Application {
  ApplicationResource resource;
  Atom start_type;
};

std::vector<Application> read(const std::vector<ApplicationDirectory>& directories) {
  std::vector<Application> applications;
  for (const ApplicationDirectory& given : directories)
    applications.push_back({read_version(given.directory).resource, given.start_type});
  return applications;
}

const Application* find(const std::vector<Application>& applications, const Atom& name) {
  for (const Application& app : applications)
    if (app.resource.name == name) return &app;
  return nullptr;
}

std::vector<UpgradeApplication> for_upgrade(const std::vector<Application>& applications) {
  std::vector<UpgradeApplication> all;
  for (const Application& app : applications)
    all.push_back({app.resource.name, app.resource.version, app.start_type, app.resource.modules});
  return all;
}

ApplicationChange added(const Application& app) {
  ApplicationChange change;
  change.kind = ApplicationChange::Kind::Added;
  change.name = app.resource.name;
  change.to = app.resource.version;
  change.instructions =
      Term::list({Term::tuple({Term::atom("add_application"), app.resource.name, app.start_type})});
  return change;
}

ApplicationChange removed(const Application& app) {
  ApplicationChange change;
  change.kind = ApplicationChange::Kind::Removed;
  change.name = app.resource.name;
  change.from = app.resource.version;
  change.instructions =
      Term::list({Term::tuple({Term::atom("remove_application"), app.resource.name})});
  return change;
}

// Of an application in two versions, or in one.
ApplicationChange changed(const ApplicationResource& old, const ApplicationResource& now,
                          const AppupSources& appups, ApplicationUpgrade& upgrade) {
  ApplicationChange change;
  change.name = now.name;
  change.from = old.version;
  change.to = now.version;
  if (change.from == change.to) {
    check_same_version(old, now);
    return change;
  }
  const FoundAppup found = find_appup(old, now, appups);
  change.kind = ApplicationChange::Kind::Changed;
  change.source = found.source;
  change.file = found.file;
  change.instructions = found.up;
  upgrade.warnings.insert(upgrade.warnings.end(), found.warnings.begin(), found.warnings.end());
  return change;
}

}  // namespace

void check_same_version(const ApplicationResource& older, const ApplicationResource& newer) {
  std::error_code ignored;
  if (fs::equivalent(older.ebin, newer.ebin, ignored)) return;
  const MadeAppup compared = make_appup(older.ebin, newer.ebin);
  if (!compared.is_refused()) return;
  std::vector<std::string> names;
  for (const ModuleFault& fault : compared.faults)
    if (fault.is_refused) names.push_back(term::print_atom(fault.module, true));
  throw Error(newer.file, fmt::format("{} changed and kept its version {}: {}",
                                      term::print_atom(newer.name, true), newer.version,
                                      sys::joined(names, ", ")))
      .with_hint("give the application a new version");
}

ApplicationUpgrade application_upgrade(const std::vector<ApplicationDirectory>& from,
                                       const std::vector<ApplicationDirectory>& to,
                                       const AppupSources& appups) {
  const std::vector<Application> old = read(from), now = read(to);
  ApplicationUpgrade upgrade;
  for (const Application& app : now) {
    const Application* before = find(old, app.resource.name);
    upgrade.changes.push_back(before ? changed(before->resource, app.resource, appups, upgrade)
                                     : added(app));
  }
  for (const Application& app : old)
    if (!find(now, app.resource.name)) upgrade.changes.push_back(removed(app));
  std::vector<UpgradeScript> scripts;
  using Kind = ApplicationChange::Kind;
  for (const Kind kind : {Kind::Added, Kind::Changed, Kind::Removed})
    for (const ApplicationChange& change : upgrade.changes)
      if (change.kind == kind) scripts.push_back({change.instructions, change.file});
  upgrade.instructions =
      low_level_instructions(UpgradeDirection::Up, scripts, for_upgrade(now), for_upgrade(old));
  return upgrade;
}

}  // namespace relmk::otp
