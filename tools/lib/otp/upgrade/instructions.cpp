// The steps are those of systools_rc:translate_scripts/4, in its order: each script is expanded and
// split at its point_of_no_return, all are merged, checked, and translated: applications into
// modules, modules into what release_handler does, group by group of those that depend on each
// other.
#include "otp/upgrade/instructions.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

#include "otp/application/print_line.h"
#include "otp/upgrade/dependency_order.h"
#include "otp/upgrade/instruction_syntax.h"
#include "otp/upgrade/script_parts.h"
#include "term/atoms.h"
#include "term/print.h"
#include "term/term_set.h"

namespace relmk::otp {
namespace {

using Applications = std::vector<UpgradeApplication>;

template <typename... Elements>
Term tuple(const char* name, Elements... elements) {
  return Term::tuple({Term::atom(name), Term(elements)...});
}

void append(Instructions& to, const Instructions& more) {
  to.insert(to.end(), more.begin(), more.end());
}

class Translation {
 public:
  Translation(UpgradeDirection direction, const Applications& to, const Applications& from)
      : direction_(direction), to_(to), from_(from) {
    for (const UpgradeApplication& app : to)
      for (const Atom& module : app.modules)
        owners_.emplace(module, &app);
  }

  // The instructions after the point of no return, without those on applications.
  Instructions without_applications(const Instructions& after) const;
  // Those that depend on each other become low-level; what has to be read for them is added to
  // `before`.
  ScriptParts without_dependencies(ScriptParts parts) const;

 private:
  static const UpgradeApplication* find(const Applications& applications, const Term& name);
  const UpgradeApplication& existing(const Applications& applications, const Instruction& i) const;
  static void start(Instructions& out, const Instruction& of, const Term& type,
                    const UpgradeApplication& application);
  static void stop(Instructions& out, const Instruction& of, const UpgradeApplication& application);
  void translate(const Instructions& group, ScriptParts& out) const;
  Instruction object_code(const Instruction& load) const;

  UpgradeDirection direction_;
  const Applications& to_;
  const Applications& from_;
  std::unordered_map<Atom, const UpgradeApplication*, term::AtomHash>
      owners_;  // of the modules of `to`
};

const UpgradeApplication* Translation::find(const Applications& applications, const Term& name) {
  const auto found =
      std::find_if(applications.begin(), applications.end(),
                   [&](const UpgradeApplication& app) { return name == Term(app.name); });
  return found == applications.end() ? nullptr : &*found;
}

const UpgradeApplication& Translation::existing(const Applications& applications,
                                                const Instruction& i) const {
  if (const UpgradeApplication* app = find(applications, i.term[1])) return *app;
  throw i.error("Started undefined application: " + print_line(i.term[1]));
}

void Translation::start(Instructions& out, const Instruction& of, const Term& type,
                        const UpgradeApplication& application) {
  for (const Atom& module : application.modules)
    out.push_back(of.becoming(tuple("add_module", module, Term())));
  if (type.is_atom("none")) return;
  const bool is_only_loaded = type.is_atom("load");
  Terms arguments{application.name};
  if (!is_only_loaded) arguments.push_back(type);
  out.push_back(of.becoming(
      tuple("apply",
            Term::tuple({Term::atom("application"), Term::atom(is_only_loaded ? "load" : "start"),
                         Term::list(arguments)}))));
}

void Translation::stop(Instructions& out, const Instruction& of,
                       const UpgradeApplication& application) {
  const Term brutal = Term::atom("brutal_purge");
  out.push_back(
      of.becoming(tuple("apply", Term::tuple({Term::atom("application"), Term::atom("stop"),
                                              Term::list({application.name})}))));
  for (const Atom& module : application.modules)
    out.push_back(of.becoming(tuple("remove", Term::tuple({module, brutal, brutal}))));
  out.push_back(of.becoming(tuple("purge", term::atom_list(application.modules))));
}

Instructions Translation::without_applications(const Instructions& after) const {
  Instructions out;
  for (const Instruction& i : after) {
    if (i.term.is_tagged("add_application", 3)) {
      start(out, i, i.term[2], existing(to_, i));
    } else if (i.term.is_tagged("remove_application", 2)) {
      if (find(to_, i.term[1]))
        throw i.error("Removed application present: " + print_line(i.term[1]));
      const UpgradeApplication& removed = existing(from_, i);
      stop(out, i, removed);
      out.push_back(
          i.becoming(tuple("apply", Term::tuple({Term::atom("application"), Term::atom("unload"),
                                                 Term::list({removed.name})}))));
    } else if (i.term.is_tagged("restart_application", 2)) {
      const UpgradeApplication& old = existing(from_, i);
      const UpgradeApplication& restarted = existing(to_, i);
      stop(out, i, old);
      start(out, i, restarted.start_type, restarted);
    } else {
      out.push_back(i);
    }
  }
  for (Instruction& i : out) {
    if (!i.term.is_tagged("add_module", 3)) continue;
    // The purge method does not matter: the module is new.
    const Term brutal = Term::atom("brutal_purge");
    i.term = tuple("load_module", i.term[1], brutal, brutal, i.term[2]);
  }
  return out;
}

// The instructions with dependencies, in groups, each in its order of dependency. Their places in
// `instructions` are given, too.
struct Groups {
  std::vector<std::vector<size_t>> members;
  std::unordered_map<size_t, size_t> of;  // which group an instruction is in, by its place
};

Groups grouped(const Instructions& instructions) {
  std::vector<size_t> places;
  std::unordered_map<std::string, size_t> numbers;  // by module
  for (size_t place = 0; place < instructions.size(); ++place) {
    if (!instructions[place].has_dependencies()) continue;
    const Instruction& i = instructions[place];
    if (!numbers.emplace(i.term[1].atom_text(), places.size()).second)
      throw i.error("Multiply defined module: " + print_line(i.term[1]));
    places.push_back(place);
  }
  Dependencies needs(places.size());
  for (size_t number = 0; number < places.size(); ++number) {
    const Instruction& i = instructions[places[number]];
    for (const Term& module : i.term.elements().back().elements()) {
      const auto found = numbers.find(module.atom_text());
      if (found == numbers.end()) throw i.error("Undefined module: " + print_line(module));
      needs[number].push_back(found->second);
    }
  }
  Groups groups;
  for (const std::vector<size_t>& group : dependency_groups(needs)) {
    std::vector<size_t>& members = groups.members.emplace_back();
    for (const size_t number : group) {
      members.push_back(places[number]);
      groups.of[places[number]] = groups.members.size() - 1;
    }
  }
  return groups;
}

// systools_rc:translate_dep_loop: a group stands where its first member stood.
ScriptParts Translation::without_dependencies(ScriptParts parts) const {
  const Groups groups = grouped(parts.after);
  std::vector<bool> done(groups.members.size(), false);
  ScriptParts out{std::move(parts.before), {}};
  for (size_t place = 0; place < parts.after.size(); ++place) {
    const auto group = groups.of.find(place);
    if (group == groups.of.end()) {
      out.after.push_back(parts.after[place]);
    } else if (!done[group->second]) {
      done[group->second] = true;
      Instructions members;
      for (const size_t member : groups.members[group->second])
        members.push_back(parts.after[member]);
      translate(members, out);
    }
  }
  return out;
}

Instruction Translation::object_code(const Instruction& load) const {
  const Term& module = load.term[1][0];
  if (const auto owner = owners_.find(module.as_atom()); owner != owners_.end()) {
    const UpgradeApplication& app = *owner->second;
    return load.becoming(tuple("load_object_code", Term::tuple({app.name, Term::string(app.version),
                                                                Term::list({module})})));
  }
  throw load.error("No such module: " + print_line(module));
}

// What a group of instructions does to processes, each in the order of dependency.
struct ProcessWork {
  Terms suspended;       // Mod | {Mod, Timeout}
  Terms resumed;         // Mod
  Terms changed;         // {Mod, Extra}
  Terms changed_static;  // those of them whose processes are of modules of type static
};

ProcessWork process_work(const Instructions& group) {
  ProcessWork work;
  for (const Instruction& i : group) {
    if (!i.term.is_tagged("update")) continue;
    const Term& module = i.term[1];
    const Term& timeout = i.term[3];
    const Term& change = i.term[4];
    const bool is_default = timeout.is_atom("default");
    work.suspended.push_back(is_default ? module : Term::tuple({module, timeout}));
    work.resumed.push_back(module);
    if (!change.is_tagged("advanced", 2)) continue;
    work.changed.push_back(Term::tuple({module, change[1]}));
    if (i.term[2].is_atom("static")) work.changed_static.push_back(work.changed.back());
  }
  return work;
}

// load for each module that comes, remove and purge for each that goes: one entry per instruction.
std::vector<Instructions> module_work(const Instructions& group) {
  const Term brutal = Term::atom("brutal_purge");
  std::vector<Instructions> work;
  for (const Instruction& i : group) {
    const Terms& e = i.term.elements();
    if (i.term.is_tagged("delete_module")) {
      work.push_back({i.becoming(tuple("remove", Term::tuple({e[1], brutal, brutal}))),
                      i.becoming(tuple("purge", Term::list({e[1]})))});
    } else {
      work.push_back(
          {i.becoming(tuple("load", Term::tuple({e[1], e[e.size() - 3], e[e.size() - 2]})))});
    }
  }
  return work;
}

// systools_rc:translate_dep_to_low/3. Upwards modules are loaded in the reverse of the order of
// dependency, and then processes change their state; downwards they are loaded in that order, and
// the state of dynamic modules is changed before, by the code that made it.
void Translation::translate(const Instructions& group, ScriptParts& out) const {
  const ProcessWork work = process_work(group);
  std::vector<Instructions> modules = module_work(group);
  for (const Instructions& module : modules) {
    if (module.front().term.is_tagged("load")) out.before.push_back(object_code(module.front()));
  }
  const auto add = [&](Term term) { out.after.push_back(group.front().becoming(std::move(term))); };
  const auto change = [&](const char* mode, const Terms& changed) {
    if (!changed.empty()) add(tuple("code_change", Term::atom(mode), Term::list(changed)));
  };
  const bool up = direction_ == UpgradeDirection::Up;
  Terms dynamic;
  const term::TermSet fixed(work.changed_static.begin(), work.changed_static.end());
  for (const Term& changed : work.changed)
    if (!fixed.contains(changed)) dynamic.push_back(changed);

  if (!work.suspended.empty()) add(tuple("suspend", Term::list(work.suspended)));
  if (!up) change("down", dynamic);
  if (up) std::reverse(modules.begin(), modules.end());
  for (const Instructions& module : modules)
    append(out.after, module);
  if (up) change("up", work.changed);
  if (!up) change("down", work.changed_static);
  if (!work.resumed.empty())
    add(tuple("resume", Term::list(Terms(work.resumed.rbegin(), work.resumed.rend()))));
}

// Elements, each of which is there once for each list that first had it.
class Union {
 public:
  // Puts what of a list is not there yet before the rest.
  void put_before(const Terms& list) {
    Terms fresh;
    for (const Term& element : list)
      if (!known_.contains(element)) fresh.push_back(element);
    known_.insert(fresh.begin(), fresh.end());
    lists_.push_back(std::move(fresh));
  }

  Terms elements() const {
    Terms all;
    for (auto list = lists_.rbegin(); list != lists_.rend(); ++list)
      all.insert(all.end(), list->begin(), list->end());
    return all;
  }

 private:
  term::TermSet known_;
  std::vector<Terms> lists_;  // the first of them last
};

// systools_rc:merge_load_object_code/1: one for each application, before all else.
Instructions merged_object_code(const Instructions& before) {
  Instructions codes, rest, out;
  for (const Instruction& i : before)
    (i.term.is_tagged("load_object_code", 2) ? codes : rest).push_back(i);
  while (!codes.empty()) {
    const Instruction first = codes.front();
    const Term& library = first.term[1];
    Instructions same, others;
    for (size_t at = codes.size(); at-- > 1;) {
      const Term& other = codes[at].term[1];
      if (other[0] == library[0] && Term::compare(other[1], library[1]) != 0) {
        throw codes[at].error(
            fmt::format("Conflicting versions for {}, {} and {}", print_line(library[0]),
                        library[1].is_string() ? library[1].to_utf8() : print_line(library[1]),
                        other[1].is_string() ? other[1].to_utf8() : print_line(other[1])));
      }
      (other[0] == library[0] ? same : others).push_back(codes[at]);
    }
    Union modules;
    for (const Instruction& i : same)  // the last one first
      modules.put_before(i.term[1][2].elements());
    modules.put_before(library[2].elements());
    out.push_back(first.becoming(
        tuple("load_object_code",
              Term::tuple({library[0], library[1], Term::list(modules.elements())}))));
    codes.assign(others.rbegin(), others.rend());
  }
  append(out, rest);
  return out;
}

size_t erase_all(Instructions& instructions, const char* word) {
  return std::erase_if(instructions, [word](const Instruction& i) { return i.term.is_atom(word); });
}

// A new emulator is started first upwards, and last downwards.
void sort_emulator_restart(UpgradeDirection direction, ScriptParts& parts) {
  if (erase_all(parts.after, "restart_new_emulator") > 0) {
    if (direction == UpgradeDirection::Up) {
      parts.before.insert(parts.before.begin(), {Term::atom("restart_new_emulator"), {}, {}});
    } else {
      parts.after.push_back({Term::atom("restart_emulator"), {}, {}});
    }
  }
  if (erase_all(parts.after, "restart_emulator") > 0)
    parts.after.push_back({Term::atom("restart_emulator"), {}, {}});
}

}  // namespace

Terms low_level_instructions(UpgradeDirection direction, const std::vector<UpgradeScript>& scripts,
                             const std::vector<UpgradeApplication>& to,
                             const std::vector<UpgradeApplication>& from) {
  std::vector<Instructions> expanded;
  for (const UpgradeScript& script : scripts)
    expanded.push_back(expanded_instructions(script));
  ScriptParts parts;
  for (const Instructions& script : expanded) {
    const ScriptParts own = split(script);
    append(parts.before, own.before);
    append(parts.after, own.after);
  }
  check_syntax(parts.before);
  check_syntax(parts.after);
  std::transform(parts.after.begin(), parts.after.end(), parts.after.begin(), normalized);
  check_load(parts);
  check_pairs(parts.after);

  const Translation translation(direction, to, from);
  parts.after = translation.without_applications(parts.after);
  parts = translation.without_dependencies(std::move(parts));
  parts.before = merged_object_code(parts.before);
  sort_emulator_restart(direction, parts);

  Terms out;
  for (const Instruction& i : parts.before)
    out.push_back(i.term);
  out.push_back(Term::atom("point_of_no_return"));
  for (const Instruction& i : parts.after)
    out.push_back(i.term);
  return out;
}

}  // namespace relmk::otp
