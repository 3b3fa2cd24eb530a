#include "enit/update_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "enit/boot.h"
#include "enit/installed.h"
#include "enit/kept.h"
#include "otp/application/print_line.h"
#include "otp/release/start_order.h"
#include "otp/upgrade/appup_search.h"
#include "term/atoms.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

using Kind = ApplicationUpdate::Kind;
using Source = ApplicationUpdate::Source;
using otp::UpgradeDirection;

template <typename Applications>
auto find(Applications& applications, const Atom& name) {
  return std::find_if(applications.begin(), applications.end(),
                      [&](const auto& app) { return app.name == name; });
}

std::string versions_text(const ApplicationUpdate& update) {
  return fmt::format("{} {} -> {}", term::print_atom(update.name, true), update.running.version,
                     update.wanted.version);
}

class Planner {
 public:
  Planner(std::vector<otp::ApplicationResource> running, const otp::ReleaseApplications& wanted)
      : running_(std::move(running)) {
    plan_.applications = wanted;
  }

  UpdatePlan plan() {
    const std::vector<Atom> started = started_applications(plan_.applications);
    for (const otp::OrderedApplication& ordered : otp::start_order(plan_.applications)) {
      otp::ApplicationResource& app = *find(plan_.applications.resources, ordered.resource.name);
      const auto before = find(running_, app.name);
      if (before == running_.end()) {
        add(app, term::contains(started, app.name));
      } else if (before->version != app.version) {
        change(*before, app);
      } else {
        check_unchanged(*before, app);
        app = *before;
      }
    }
    for (const otp::ApplicationResource& app : running_) {
      if (find(plan_.applications.resources, app.name) == plan_.applications.resources.end()) {
        remove(app);
      }
    }
    if (!plan_.updates.empty()) translate();
    return std::move(plan_);
  }

 private:
  void add(const otp::ApplicationResource& app, bool is_started) {
    ApplicationUpdate update;
    update.kind = Kind::Added;
    update.name = app.name;
    update.wanted = app;
    update.instructions = Term::list({Term::tuple(
        {Term::atom("add_application"), app.name, Term::atom(is_started ? "permanent" : "load")})});
    plan_.updates.push_back(std::move(update));
  }

  void remove(const otp::ApplicationResource& app) {
    ApplicationUpdate update;
    update.kind = Kind::Removed;
    update.name = app.name;
    update.running = app;
    update.instructions = Term::list({Term::tuple({Term::atom("remove_application"), app.name})});
    plan_.updates.push_back(std::move(update));
  }

  void change(const otp::ApplicationResource& before, const otp::ApplicationResource& app) {
    ApplicationUpdate update;
    update.kind = Kind::Changed;
    update.name = app.name;
    update.running = before;
    update.wanted = app;
    update.downwards = is_lower_version(app.version, before.version);
    const otp::FoundAppup found =
        update.downwards ? otp::find_appup(app, before, {}) : otp::find_appup(before, app, {});
    update.source =
        (update.downwards ? found.made_down : found.made_up) ? Source::Made : Source::Ebin;
    update.instructions = update.downwards ? found.down : found.up;
    if (update.source == Source::Made) {
      plan_.warnings.insert(plan_.warnings.end(), found.warnings.begin(), found.warnings.end());
    }
    plan_.updates.push_back(std::move(update));
  }

  static void check_unchanged(const otp::ApplicationResource& before,
                              const otp::ApplicationResource& app) {
    if (is_kept(app, before.directory)) return;
    try {
      otp::check_same_version(before, app);
    } catch (const Error& error) {
      throw Error(error.file(), error.position(), error.message())
          .with_hint("of one version there can be no update: stop the node and start it");
    }
  }

  // What is upgraded first, then what is downgraded: the instructions of both say all that is to
  // be done, and each stands for itself.
  void translate() {
    append(UpgradeDirection::Up, [](const ApplicationUpdate& update) {
      return update.kind != Kind::Removed && !update.downwards;
    });
    append(UpgradeDirection::Down,
           [](const ApplicationUpdate& update) { return update.downwards; });
    append(UpgradeDirection::Down,
           [](const ApplicationUpdate& update) { return update.kind == Kind::Removed; });
    for (const Term& instruction : plan_.instructions)
      check(instruction);
  }

  template <typename Choice>
  void append(UpgradeDirection direction, Choice is_chosen) {
    std::vector<otp::UpgradeScript> scripts;
    for (const Kind kind : {Kind::Added, Kind::Changed, Kind::Removed}) {
      for (const ApplicationUpdate& update : plan_.updates) {
        if (update.kind == kind && is_chosen(update)) scripts.push_back({update.instructions, ""});
      }
    }
    if (scripts.empty()) return;
    for (Term& instruction : otp::low_level_instructions(
             direction, scripts, for_upgrade(plan_.applications.resources), for_upgrade(running_)))
      plan_.instructions.push_back(std::move(instruction));
  }

  static std::vector<otp::UpgradeApplication> for_upgrade(
      const std::vector<otp::ApplicationResource>& applications) {
    std::vector<otp::UpgradeApplication> all;
    for (const otp::ApplicationResource& app : applications)
      all.push_back({app.name, app.version, Atom("permanent"), app.modules});
    return all;
  }

  void check(const Term& instruction) {
    if (instruction.is_atom("restart_emulator") || instruction.is_atom("restart_new_emulator")) {
      std::string why;
      for (const ApplicationUpdate& update : plan_.updates) {
        for (const Term& one : update.instructions.elements()) {
          if (one == instruction) why = ": " + versions_text(update);
        }
      }
      throw Error("update: needs a restart" + why)
          .with_hint("stop the node and start it, the emulator is to start anew");
    }
    if (instruction.is_tagged("sync_nodes")) {
      throw Error("update: the instruction sync_nodes is for several nodes, this is one");
    }
  }

  std::vector<otp::ApplicationResource> running_;
  UpdatePlan plan_;
};

// `update MODULE`, for an instruction of an appup.
std::string instruction_text(const Term& instruction) {
  if (instruction.is_tuple() && instruction.elements().size() > 1 && instruction[0].is_atom() &&
      instruction[1].is_atom()) {
    return instruction[0].atom_text() + " " + term::print_atom(instruction[1].as_atom(), true);
  }
  return otp::print_line(instruction);
}

}  // namespace

otp::ApplicationResource running_application(const Applied::Application& application) {
  const std::string file = application.directory + "/ebin/" + application.name.text() + ".app";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    throw Error(file, fmt::format("the files of {} {}, which runs, are gone",
                                  term::print_atom(application.name, true), application.version))
        .with_hint("stop the node and start it");
  }
  return otp::read_application_resource(file);
}

UpdatePlan update_plan(const Applied& applied, const otp::ReleaseApplications& wanted) {
  std::vector<otp::ApplicationResource> running;
  for (const Applied::Application& app : applied.applications)
    running.push_back(running_application(app));
  return Planner(std::move(running), wanted).plan();
}

std::string update_text(const UpdatePlan& plan) {
  std::string text;
  for (const ApplicationUpdate& update : plan.updates) {
    const std::string name = term::print_atom(update.name, true);
    switch (update.kind) {
      case Kind::Added:
        text += fmt::format("{} {} is added\n", name, update.wanted.version);
        continue;
      case Kind::Removed:
        text += fmt::format("{} {} is removed\n", name, update.running.version);
        continue;
      default:
        text += fmt::format("{} ({})\n", versions_text(update),
                            update.source == Source::Made ? "made" : "its appup");
    }
    for (const Term& instruction : update.instructions.elements())
      text += "  " + instruction_text(instruction) + "\n";
  }
  return text;
}

}  // namespace relmk::enit
