// Each module of the two versions is compared by what executes. What is new, deleted or changed
// gets an instruction that depends on those for the modules that it calls, so that callers are
// exchanged together with what they call, and in the order that suits: see translate() of
// instructions.cpp. Children of supervisors are ended before everything else, and started after it.
#include "otp/upgrade/made_appup.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "beam/calls.h"
#include "beam/module_code.h"
#include "otp/upgrade/application_version.h"
#include "otp/upgrade/appup_search.h"
#include "otp/upgrade/dependency_order.h"
#include "otp/upgrade/module_role.h"
#include "otp/upgrade/state_change.h"
#include "otp/upgrade/supervisor_change.h"
#include "sys/error.h"
#include "sys/words.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

using beam::ModuleCode;
using Change = ModuleChange;

class Maker {
 public:
  Maker(const ApplicationVersion& from, const ApplicationVersion& to) : from_(from), to_(to) {
    appup_.application = to.resource.name;
    appup_.from = from.resource.version;
    appup_.to = to.resource.version;
  }

  MadeAppup make();

 private:
  void fault(const ModulePair& pair, bool is_refused, std::string message, std::string hint = "");
  void check_version();
  void check_unlisted();
  void decide(const ModulePair& pair, size_t number);
  void decide_changed(const ModulePair& pair, ModuleDecision& decision);
  void decide_supervisor(const ModulePair& pair, ModuleDecision& decision);
  void decide_process(const ModulePair& pair, ModuleDecision& decision);
  std::vector<Atom> needs(size_t number) const;
  void depend();
  Term instruction(size_t number, bool is_upward) const;
  void order();

  const ApplicationVersion& from_;
  const ApplicationVersion& to_;
  std::vector<ModulePair> modules_;
  std::vector<size_t> concerned_;          // those that differ, by their place in modules_
  std::map<std::string, size_t> numbers_;  // of those, by name
  Dependencies dependencies_;
  SupervisorChange children_;  // of all supervisors
  MadeAppup appup_;
};

void Maker::fault(const ModulePair& pair, bool is_refused, std::string message, std::string hint) {
  appup_.faults.push_back(
      {is_refused, pair.newest().file().name(), pair.name, std::move(message), std::move(hint)});
}

// An application that keeps its version must keep its code.
void Maker::check_version() {
  if (appup_.from != appup_.to) return;
  for (const ModulePair& pair : modules_) {
    if (pair.change == Change::Same) continue;
    const char* what = pair.change == Change::Added     ? "is new"
                       : pair.change == Change::Deleted ? "is gone"
                                                        : "changed";
    fault(pair, true,
          fmt::format("{}: it {}, but the application {} is of version {} as before",
                      print_atom(pair.name, true), what, print_atom(appup_.application, true),
                      appup_.to),
          "give the application a new version");
  }
}

// systools finds a module's application by the list in the .app.
void Maker::check_unlisted() {
  for (const auto& [name, file] : to_.files) {
    if (std::any_of(modules_.begin(), modules_.end(), [&wanted = name](const ModulePair& pair) {
          return pair.name.text() == wanted;
        }))
      continue;
    const auto old = from_.files.find(name);
    if (old != from_.files.end() && executes_the_same(ModuleCode(beam::BeamFile(old->second)),
                                                      ModuleCode(beam::BeamFile(file))))
      continue;
    appup_.faults.push_back(
        {false, file, Atom(name),
         fmt::format("{}: it is not among the modules that {}.app names, so the upgrade does not "
                     "load it",
                     print_atom(Atom(name), true), appup_.application.text()),
         ""});
  }
}

void Maker::decide_supervisor(const ModulePair& pair, ModuleDecision& decision) {
  const SupervisorChange change = supervisor_change(*pair.from, *pair.to);
  const std::string name = print_atom(pair.name, true);
  decision.instruction = "update";
  decision.reason = "a supervisor: its code and the specifications of its children change";
  if (!change.refused.empty()) {
    fault(pair, true, fmt::format("{}: {}", name, change.refused), change.hint);
    return;
  }
  for (const std::string& warning : change.warnings)
    fault(pair, false, warning, change.hint);
  if (!change.before_up.empty() || !change.after_up.empty()) {
    decision.reason += fmt::format("; {} calls end and start its children",
                                   change.before_up.size() + change.after_up.size());
  }
  const auto append = [](Terms& to, const Terms& more) {
    to.insert(to.end(), more.begin(), more.end());
  };
  append(children_.before_up, change.before_up);
  append(children_.after_up, change.after_up);
  append(children_.before_down, change.before_down);
  append(children_.after_down, change.after_down);
  for (const auto& [code, version] : {std::pair{pair.to, appup_.to}, {pair.from, appup_.from}}) {
    const std::vector<std::string> effects = side_effects_of_init(*code);
    if (effects.empty()) continue;
    fault(pair, false,
          fmt::format("{}: init/1 of version {} is run again by the upgrade, and has side effects: "
                      "{}",
                      name, version, sys::joined(effects, ", ")));
    break;
  }
}

void Maker::decide_process(const ModulePair& pair, ModuleDecision& decision) {
  const char* kind = process_kind(*pair.to);
  const std::string what = kind ? std::string("a ") + kind : "a callback module";
  // Both ways it is the newer module that is called.
  if (changes_state(*pair.to)) {
    decision.instruction = "update";
    decision.reason =
        what + " that exports " +
        (pair.to->exports("system_code_change", 4) ? "system_code_change" : "code_change");
  } else {
    decision.instruction = "load_module";
    decision.reason = kind ? what + " without code_change: its state stays as it is"
                           : "its code changed, and no process keeps a state for it";
  }
  if (!kind && decision.instruction == "load_module") return;
  for (const StateFault& found : state_faults(pair.from->file(), pair.to->file()))
    fault(pair, found.is_refused, found.message,
          found.is_refused ? "add a clause to code_change that takes the old state, and one for "
                             "{down, Vsn} that gives it back"
                           : "keep fun M:F/A instead");
}

void Maker::decide_changed(const ModulePair& pair, ModuleDecision& decision) {
  const std::string name = print_atom(pair.name, true);
  for (const auto& code : {pair.from, pair.to}) {
    const bool is_nif = loads_nif(*code);
    if (!code->has_on_load() && !is_nif) continue;
    fault(pair, true,
          fmt::format("{}: it changed, and {}", name,
                      is_nif ? "it loads a NIF, whose state and resources an upgrade of its own "
                               "has to take over"
                             : "it has on_load, which runs again when it is loaded"),
          "write an appup by hand, or restart the emulator or the application");
    break;
  }
  const bool supervises = is_supervisor(*pair.from) || is_supervisor(*pair.to);
  if (!supervises) {
    decide_process(pair, decision);
    return;
  }
  decide_supervisor(pair, decision);
  if (changes_state(*pair.to)) {
    fault(
        pair, false,
        fmt::format("{}: it is a supervisor and has code_change: on the way back its children are "
                    "specified by the newer init/1",
                    name));
  }
}

void Maker::decide(const ModulePair& pair, size_t number) {
  ModuleDecision decision{pair.name, pair.change, "", "what executes is the same"};
  switch (pair.change) {
    case Change::Same:
      break;
    case Change::Added:
      decision.instruction = "add_module";
      decision.reason = "it is new";
      break;
    case Change::Deleted:
      decision.instruction = "delete_module";
      decision.reason = "it is gone";
      break;
    case Change::Changed:
      decide_changed(pair, decision);
      break;
  }
  if (pair.change != Change::Same) {
    numbers_[pair.name.text()] = concerned_.size();
    concerned_.push_back(number);
  }
  appup_.decisions.push_back(std::move(decision));
}

// Whom the newer code calls; a module that goes, is gone after those that called it.
std::vector<Atom> Maker::needs(size_t number) const {
  const ModulePair& pair = modules_[number];
  std::vector<Atom> names;
  if (pair.change != Change::Deleted) {
    for (const beam::Call& call : external_calls(pair.to->file()))
      names.push_back(call.callee.module);
    return names;
  }
  for (const size_t other : concerned_) {
    if (other == number || !modules_[other].from) continue;
    for (const beam::Call& call : external_calls(modules_[other].from->file())) {
      if (call.callee.module != pair.name) continue;
      names.push_back(modules_[other].name);
      break;
    }
  }
  return names;
}

void Maker::depend() {
  dependencies_.resize(concerned_.size());
  for (size_t i = 0; i < concerned_.size(); ++i) {
    std::set<size_t> needed;
    for (const Atom& name : needs(concerned_[i])) {
      const auto number = numbers_.find(name.text());
      if (number == numbers_.end() || number->second == i) continue;
      const bool is_deleted = modules_[concerned_[number->second]].change == Change::Deleted;
      const bool deletes = modules_[concerned_[i]].change == Change::Deleted;
      if (deletes || !is_deleted) needed.insert(number->second);
    }
    dependencies_[i].assign(needed.begin(), needed.end());
  }
  dependencies_ = without_circles(dependencies_);
}

Term Maker::instruction(size_t number, bool is_upward) const {
  const size_t place = concerned_[number];
  const ModulePair& pair = modules_[place];
  Terms names;
  for (const size_t needed : dependencies_[number])
    names.push_back(modules_[concerned_[needed]].name);
  const Term needed = Term::list(names);
  const Term advanced = Term::tuple({Term::atom("advanced"), Term()});
  const Term brutal = Term::atom("brutal_purge");
  std::string name = appup_.decisions[place].instruction;
  if (!is_upward && pair.change == Change::Added) name = "delete_module";
  if (!is_upward && pair.change == Change::Deleted) name = "add_module";
  Terms elements{Term::atom(name), pair.name};
  if (name == "update") {
    const bool supervises = is_supervisor(*pair.from) || is_supervisor(*pair.to);
    if (supervises && !changes_state(*pair.to)) {
      if (names.empty()) return Term::tuple({elements[0], pair.name, Term::atom("supervisor")});
      return Term::tuple({elements[0], pair.name, Term::atom("static"), Term::atom("default"),
                          advanced, brutal, brutal, needed});
    }
    elements.push_back(advanced);
  }
  if (!names.empty()) elements.push_back(needed);
  return Term::tuple(std::move(elements));
}

// Callees before callers on the way up, and the reverse on the way down.
void Maker::order() {
  Terms up = children_.before_up, down = children_.before_down;
  std::vector<size_t> callees_last;
  for (const std::vector<size_t>& group : dependency_groups(dependencies_))
    callees_last.insert(callees_last.begin(), group.begin(), group.end());
  for (const size_t number : callees_last)
    down.push_back(instruction(number, false));
  for (auto number = callees_last.rbegin(); number != callees_last.rend(); ++number)
    up.push_back(instruction(*number, true));
  up.insert(up.end(), children_.after_up.begin(), children_.after_up.end());
  down.insert(down.end(), children_.after_down.begin(), children_.after_down.end());
  appup_.up = Term::list(std::move(up));
  appup_.down = Term::list(std::move(down));
}

MadeAppup Maker::make() {
  modules_ = read_modules(from_, to_);
  check_version();
  check_unlisted();
  if (appup_.from != appup_.to) {
    for (size_t number = 0; number < modules_.size(); ++number)
      decide(modules_[number], number);
    depend();
    order();
  }
  std::stable_sort(
      appup_.faults.begin(), appup_.faults.end(),
      [](const ModuleFault& a, const ModuleFault& b) { return a.module.text() < b.module.text(); });
  return std::move(appup_);
}

}  // namespace

std::string ModuleFault::text() const {
  std::string line = Error(file, message).with_hint(hint).text();
  constexpr const char* kError = " error: ";
  if (!is_refused) line.replace(line.find(kError), std::string(kError).size(), " warning: ");
  return line;
}

bool MadeAppup::is_refused() const {
  return std::any_of(faults.begin(), faults.end(),
                     [](const ModuleFault& fault) { return fault.is_refused; });
}

Term MadeAppup::term() const {
  const auto entry = [](const std::string& version, const Term& instructions) {
    return Term::list({Term::tuple({Term::string(version), instructions})});
  };
  return Term::tuple({Term::string(to), entry(from, up), entry(from, down)});
}

MadeAppup make_appup(const fs::path& from, const fs::path& to) {
  const ApplicationVersion old = read_version(from), now = read_version(to);
  if (old.resource.name != now.resource.name) {
    throw Error(now.resource.file,
                fmt::format("it is of {}, and {} of {}", print_atom(now.resource.name, true),
                            old.resource.file, print_atom(old.resource.name, true)));
  }
  return Maker(old, now).make();
}

std::string explanation(const MadeAppup& appup) {
  std::string lines;
  for (const ModuleDecision& decision : appup.decisions) {
    lines += fmt::format("{}: {}: {}\n", print_atom(decision.module, true),
                         decision.instruction.empty() ? "nothing" : decision.instruction,
                         decision.reason);
  }
  return lines;
}

std::string commented(const std::string& lines) {
  std::string out;
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    out += "%% " + lines.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

std::string made_appup_text(const MadeAppup& appup) {
  return marked_as_made({appup.from}, print_pretty(appup.term(), {.unicode = true}) + ".\n");
}

}  // namespace relmk::otp
