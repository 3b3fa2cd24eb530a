// release_handler knows releases, which there are none here, so that its instructions are carried
// out by a program of ours, which takes them back when one fails.
#include "enit/update.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "enit/kept.h"
#include "enit/node_functions.h"
#include "enit/update_plan.h"
#include "enit/update_program.h"
#include "node/session/standard_session.h"
#include "node/upgrade/node_state.h"
#include "node/upgrade/program.h"
#include "sys/output.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

using Kind = ApplicationUpdate::Kind;

otp::ReleaseApplications with_resources(const Release& release,
                                        std::vector<otp::ApplicationResource> resources,
                                        const otp::Installation& otp) {
  otp::ReleaseResource resource{
      release.name(), release.specification.version, otp.erts_version, {}};
  for (const otp::ApplicationResource& app : resources)
    resource.applications.push_back({app.name, app.version, otp::StartType::Permanent, {}, {}});
  return otp::release_applications(resource, release.place.specification().string(),
                                   std::move(resources), otp::Repetitions::Ignored);
}

// What ran before the last update, be it noted or not: an enit that was killed has noted none.
otp::ReleaseApplications previous_applications(const Release& release, const Applied& applied,
                                               const State& state, const otp::Installation& otp) {
  const Generations kept = with_running(read_generations(state), applied.applications);
  if (kept.previous.empty()) {
    throw Error(fmt::format("update: nothing is kept of what {} ran before", release.name()));
  }
  std::vector<otp::ApplicationResource> resources;
  for (const Applied::Application& app : kept.previous)
    resources.push_back(running_application(app));
  return with_resources(release, std::move(resources), otp);
}

// What is installed now of the applications that the node was given, and what these need.
otp::ReleaseApplications installed_applications(const Release& release, const Applied& applied,
                                                const otp::Installation& otp,
                                                const Environment& environment) {
  const InstalledApplications installed(release.specification.lib_dirs,
                                        sys::variable(environment, "ERL_LIBS"), otp);
  Faults faults;
  otp::ReleaseApplications applications = resolve(
      release.specification, {{applied.named, release.place.specification().string(), Position{}}},
      installed, otp, faults);
  faults.raise();
  return applications;
}

// Throws Error where a process would not answer, or may not be killed; and for another emulator.
void check_node(node::Rpc& rpc, const UpdatePlan& plan, const otp::Installation& otp,
                const UpdateOptions& options) {
  node::RelupScript script;
  script.instructions = plan.instructions;
  const node::NodeState state = node::ask_node_state(
      rpc, &script, options.timeout, node::Deadline::after(options.timeout * 8 + options.patience));
  if (state.erts_version != otp.erts_version) {
    throw Error(fmt::format("update: the emulator that runs is {}, the installed one {}",
                            state.erts_version, otp.erts_version))
        .with_hint("stop the node and start it");
  }
  if (script.looks_for_processes() && !state.problems.empty()) {
    throw Error(fmt::format("update: {}", fmt::join(state.problems, "; ")))
        .with_hint("nothing was changed");
  }
  for (const node::NodeState::OldCode& old : state.old_code) {
    if (old.may_be_killed || old.processes.empty()) continue;
    throw Error(fmt::format("update: old code of {} is still in use by {}, and its appup does not "
                            "let them be killed",
                            old.module, fmt::join(old.processes, ", ")))
        .with_hint("nothing was changed; wait until they leave it, or end them");
  }
}

Term ebin_term(const otp::ApplicationResource& app) {
  return app.ebin.empty() ? Term::atom("none") : Term::string(app.ebin);
}

// Variables of the program.
node::ProgramBindings variables(const UpdatePlan& plan, const Applied& applied, const Applied& now,
                                const UpdateOptions& options) {
  Terms libraries, specifications;
  for (const ApplicationUpdate& update : plan.updates) {
    libraries.push_back(
        Term::tuple({update.name, ebin_term(update.running), ebin_term(update.wanted)}));
    if (update.kind == Kind::Changed) {
      specifications.push_back(Term::tuple({update.running.term, update.wanted.term}));
    }
  }
  return {{"Instructions", Term::list(plan.instructions)},
          {"Libraries", Term::list(std::move(libraries))},
          {"Specifications", Term::list(std::move(specifications))},
          {"Configuration", applied.configuration},
          {"AppliedBefore", applied_term(applied)},
          {"Applied", applied_term(now)},
          {"Timeout", Term(static_cast<int64_t>(options.timeout.count()))}};
}

// From here on, what is kept counts.
void keep_wanted(UpdatePlan& plan, const State& state) {
  for (ApplicationUpdate& update : plan.updates) {
    if (update.kind == Kind::Removed) continue;
    update.wanted = keep(update.wanted, state);
    for (otp::ApplicationResource& app : plan.applications.resources) {
      if (app.name == update.name) app = update.wanted;
    }
  }
}

std::vector<Applied::Application> applications_of(const otp::ReleaseApplications& applications) {
  std::vector<Applied::Application> all;
  for (const otp::ApplicationResource& app : applications.resources)
    all.push_back({app.name, app.version, app.directory.string()});
  return all;
}

std::string texts(const Term& list) {
  std::string all;
  for (const Term& text : list.elements())
    all += (all.empty() ? "" : "; ") + text_of(text).value_or("");
  return all;
}

// What the program tells, as text for people. Throws Error where it failed.
std::string outcome(const Term& told) {
  if (told.is_atom("busy")) {
    throw Error("update: the node is being changed by another enit").with_hint("try again later");
  }
  if (told[0].is_atom("put_back")) {
    const std::string left = texts(told[2]);
    throw Error(fmt::format(
        "update: {}; {}", text_of(told[1]).value_or(""),
        left.empty() ? "everything was put back" : "not all could be put back: " + left));
  }
  std::string text;
  for (const Term& old : told[1].elements()) {
    text += fmt::format("update: old code of {} is still in use by {} processes\n",
                        term::print_atom(old[0].as_atom(), true), term::print_plain(old[1]));
  }
  return text;
}

State state_of(const Release& release, const Applied& applied, const Environment& environment) {
  State state(release.place, environment);
  if (state.directory() != applied.state) {
    throw Error(applied.state, "the node was started from here, which is not ours")
        .with_hint("update it as the user who started it");
  }
  return state;
}

}  // namespace

std::string update(const Release& release, const UpdateOptions& options,
                   const Environment& environment) {
  const otp::Installation otp = otp::find_installation(environment);
  node::StandardSession session(release.target(environment), options.patience);
  const Applied applied = ask_applied(session.rpc(), release.node.name.value().text());
  const State state = state_of(release, applied, environment);
  UpdatePlan plan = update_plan(
      applied, options.back ? previous_applications(release, applied, state, otp)
                            : installed_applications(release, applied, otp, environment));
  for (const std::string& warning : plan.warnings)
    sys::say(warning);
  if (plan.is_empty()) return "update: what runs is what is installed\n";
  check_node(session.rpc(), plan, otp, options);
  const std::string text = update_text(plan);
  if (options.dry_run) return text;

  note_running(state, applied.applications);
  keep_wanted(plan, state);
  Applied now = applied;
  now.applications = applications_of(plan.applications);
  const auto steps = static_cast<long>(plan.instructions.size()) * 2 + 8;
  const Term told =
      node::run_program(session.rpc(), node_functions() + std::string(kUpdateProgram),
                        variables(plan, applied, now, options),
                        node::Deadline::after(options.timeout * steps + options.patience));
  const std::string more = outcome(told);
  note_update(state, now.applications);
  forget_others(state);
  return text + more + "update: done\n";
}

}  // namespace relmk::enit
