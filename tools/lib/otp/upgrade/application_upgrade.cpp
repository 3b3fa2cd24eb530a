#include "otp/upgrade/application_upgrade.h"

#include <fmt/format.h>

#include <algorithm>

#include "otp/application/application_resource.h"
#include "otp/upgrade/application_version.h"
#include "otp/upgrade/appup_search.h"
#include "otp/upgrade/made_appup.h"
#include "sys/error.h"
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
                                      fmt::join(names, ", ")))
      .with_hint("give the application a new version");
}

ApplicationUpgrade application_upgrade(const std::vector<ApplicationDirectory>& from,
                                       const std::vector<ApplicationDirectory>& to,
                                       const AppupSources& appups) {
  using Kind = ApplicationChange::Kind;
  const std::vector<Application> old = read(from), now = read(to);
  ApplicationUpgrade upgrade;
  std::vector<UpgradeScript> added, changed, removed;
  for (const Application& app : now) {
    const ApplicationResource& newer = app.resource;
    ApplicationChange change;
    change.name = newer.name;
    change.to = newer.version;
    const Application* before = find(old, newer.name);
    if (!before) {
      change.kind = Kind::Added;
      change.instructions =
          Term::list({Term::tuple({Term::atom("add_application"), newer.name, app.start_type})});
      added.push_back({change.instructions, ""});
    } else {
      change.from = before->resource.version;
      if (change.from == change.to) {
        check_same_version(before->resource, newer);
      } else {
        const FoundAppup found = find_appup(before->resource, newer, appups);
        change.kind = Kind::Changed;
        change.source = found.source;
        change.file = found.file;
        change.instructions = found.up;
        changed.push_back({found.up, found.file});
        upgrade.warnings.insert(upgrade.warnings.end(), found.warnings.begin(),
                                found.warnings.end());
      }
    }
    upgrade.changes.push_back(std::move(change));
  }
  for (const Application& app : old) {
    if (find(now, app.resource.name)) continue;
    ApplicationChange change;
    change.kind = Kind::Removed;
    change.name = app.resource.name;
    change.from = app.resource.version;
    change.instructions =
        Term::list({Term::tuple({Term::atom("remove_application"), app.resource.name})});
    removed.push_back({change.instructions, ""});
    upgrade.changes.push_back(std::move(change));
  }
  added.insert(added.end(), changed.begin(), changed.end());
  added.insert(added.end(), removed.begin(), removed.end());
  upgrade.instructions =
      low_level_instructions(UpgradeDirection::Up, added, for_upgrade(now), for_upgrade(old));
  return upgrade;
}

}  // namespace relmk::otp
