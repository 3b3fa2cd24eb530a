// The steps are those of systools_relup:mk_relup/4, in its order. A script is made of those of the
// applications that both releases have, before them what is added, after them what is removed; a
// new ERTS makes the emulator start first.
#include "otp/upgrade/relup.h"

#include <fmt/core.h>

#include <algorithm>

#include "otp/application/code_path.h"
#include "otp/application/print_line.h"
#include "otp/release/start_order.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

std::vector<UpgradeApplication> in_start_order(const ReleaseApplications& release) {
  std::vector<UpgradeApplication> applications;
  for (const OrderedApplication& app : start_order(release)) {
    applications.push_back({app.resource.name, app.resource.version,
                            Atom(start_type_text(app.type)), app.resource.modules});
  }
  return applications;
}

const ReleaseApplication* find(const ReleaseResource& release, const Atom& name) {
  for (const ReleaseApplication& entry : release.applications)
    if (entry.name == name) return &entry;
  return nullptr;
}

UpgradeScript script_of(Terms instructions, const std::string& file = "") {
  return {Term::list(std::move(instructions)), file};
}

// One for each application that `to` has and `from` lacks.
std::vector<UpgradeScript> added(const ReleaseResource& from, const ReleaseResource& to) {
  std::vector<UpgradeScript> scripts;
  for (const ReleaseApplication& entry : to.applications) {
    if (find(from, entry.name)) continue;
    const Atom type(start_type_text(entry.type.value_or(StartType::Permanent)));
    scripts.push_back(script_of({Term::tuple({Term::atom("add_application"), entry.name, type})}));
  }
  return scripts;
}

std::vector<UpgradeScript> removed(const ReleaseResource& from, const ReleaseResource& to) {
  std::vector<UpgradeScript> scripts;
  for (const ReleaseApplication& entry : from.applications) {
    if (find(to, entry.name)) continue;
    scripts.push_back(script_of({Term::tuple({Term::atom("remove_application"), entry.name})}));
  }
  return scripts;
}

std::vector<UpgradeScript> changed(const RelupRequest& request, const AppupScripts& scripts) {
  std::vector<UpgradeScript> changed;
  for (const OrderedApplication& app : start_order(*request.top)) {
    const ReleaseApplication* base = find(request.base->release, app.resource.name);
    if (!base || base->version == app.resource.version) continue;
    changed.push_back(scripts(request.direction, app.resource, base->version));
  }
  return changed;
}

Term name_and_erts(const ReleaseResource& release) {
  return Term::tuple({Term::string(release.name), Term::string(release.erts_version)});
}

void append(std::vector<UpgradeScript>& to, std::vector<UpgradeScript> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Releases of before R15 start the emulator after all else; their sasl is older than 2.2, as
// strings compare.
bool is_before_r15(const ReleaseResource& release) {
  const ReleaseApplication* sasl = find(release, Atom("sasl"));
  return sasl && sasl->version < "2.2";
}

Terms with_late_restart(Terms instructions) {
  const auto at =
      std::find(instructions.begin(), instructions.end(), Term::atom("restart_emulator"));
  if (at != instructions.end()) instructions.erase(at);
  instructions.erase(instructions.begin());
  instructions.push_back(Term::atom("restart_new_emulator"));
  return instructions;
}

}  // namespace

std::string no_appup_entry(const ApplicationResource& newer, const std::string& version,
                           const std::string& file) {
  const std::string name = print_atom(newer.name, true);
  return fmt::format("No release upgrade script entry for {}-{} to {}-{} in file {}", name,
                     newer.version, name, version, file);
}

void add_warning(std::vector<UpgradeWarning>& warnings, UpgradeWarning warning) {
  if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end())
    warnings.push_back(std::move(warning));
}

AppupScripts appups_in_ebin(std::vector<UpgradeWarning>& warnings) {
  return [&warnings](UpgradeDirection direction, const ApplicationResource& newer,
                     const std::string& version) -> UpgradeScript {
    const std::string file = join_filename(newer.ebin, newer.name.text() + ".appup");
    const Appup appup = read_appup(file);
    if (appup.version != Term::string(newer.version)) {
      const Term what = Term::tuple(
          {Term::atom("bad_vsn"), Term::tuple({appup.version, Term::string(newer.version)})});
      add_warning(warnings, {file,
                             {1, 1},
                             print_line(what) + ": the appup's version, and the "
                                                "application's"});
    }
    if (auto script = find_appup_script(appup, direction, version)) return {*script, file};
    throw Error(file, no_appup_entry(newer, version, file));
  };
}

void check_upgradable(const ReleaseApplications& release) {
  if (!lacks_sasl(release.release)) return;
  throw Error(release.release_file,
              fmt::format("No sasl application in release {}, {}. Can not be upgraded.",
                          release.release.name, release.release.version));
}

Term relup_entry(const RelupRequest& request, const AppupScripts& scripts,
                 std::vector<UpgradeWarning>& warnings) {
  const bool up = request.direction == UpgradeDirection::Up;
  const ReleaseApplications& to = up ? *request.top : *request.base;
  const ReleaseApplications& from = up ? *request.base : *request.top;
  std::vector<UpgradeScript> of_applications = changed(request, scripts);
  const ReleaseResource& top = request.top->release;
  const ReleaseResource& base = request.base->release;

  std::vector<UpgradeScript> all;
  if (top.erts_version != base.erts_version) {
    all.push_back(script_of({Term::atom("restart_new_emulator")}));
    add_warning(warnings,
                {request.top->release_file,
                 {},
                 fmt::format("The ERTS version changed between {} and {}",
                             print_line(name_and_erts(top)), print_line(name_and_erts(base)))});
  }
  append(all, added(from.release, to.release));
  append(all, std::move(of_applications));
  append(all, removed(from.release, to.release));
  if (request.restart_emulator) all.push_back(script_of({Term::atom("restart_emulator")}));

  Terms instructions =
      low_level_instructions(request.direction, all, in_start_order(to), in_start_order(from));
  if (up && instructions.front().is_atom("restart_new_emulator") && is_before_r15(base)) {
    instructions = with_late_restart(std::move(instructions));
    add_warning(warnings, {request.base->release_file,
                           {},
                           "Upgrade from an OTP version earlier than R15. New code should be "
                           "compiled with the old emulator."});
  }
  return Term::tuple({Term::string(base.version), Term(), Term::list(std::move(instructions))});
}

Term relup_term(const std::string& version, const Terms& up, const Terms& down) {
  return Term::tuple({Term::string(version), Term::list(Terms(up.rbegin(), up.rend())),
                      Term::list(Terms(down.rbegin(), down.rend()))});
}

std::string relup_text(const Term& relup) {
  return "%% coding: utf-8\n" + print_pretty(relup, {.unicode = true}) + ".\n";
}

}  // namespace relmk::otp
