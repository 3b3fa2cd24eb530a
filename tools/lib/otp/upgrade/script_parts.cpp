#include "otp/upgrade/script_parts.h"

#include <fmt/core.h>

#include <algorithm>

#include "otp/application/print_line.h"
#include "term/term_set.h"

namespace relmk::otp {
namespace {

// The modules of all instructions {Name, Modules}; the first of these stands for them in errors.
struct Named {
  Terms modules;
  const Instruction* first = nullptr;
};

Named modules_of(const Instructions& script, const char* name) {
  Named named;
  for (const Instruction& i : script) {
    if (!i.term.is_tagged(name, 2)) continue;
    if (!named.first) named.first = &i;
    for (const Term& element : i.term[1].elements())
      named.modules.push_back(element.is_tuple(2) ? element[0] : element);
  }
  return named;
}

// Everything in `named` is in `others`, too.
void check_in(const Named& named, const Named& others, const char* fault) {
  const term::TermSet there(others.modules.begin(), others.modules.end());
  Terms missing;
  for (const Term& module : named.modules)
    if (!there.contains(module)) missing.push_back(module);
  if (!missing.empty()) throw named.first->error(fault + print_line(Term::list(missing)));
}

}  // namespace

ScriptParts split(const Instructions& script) {
  const auto is_point = [](const Instruction& i) { return i.term.is_atom("point_of_no_return"); };
  const auto point = std::find_if(script.begin(), script.end(), is_point);
  ScriptParts parts;
  if (point == script.end()) {
    parts.after = script;
  } else {
    const auto second = std::find_if(point + 1, script.end(), is_point);
    if (second != script.end()) throw second->error("Too many point_of_no_return");
    parts.before.assign(script.begin(), point);
    parts.after.assign(point + 1, script.end());
  }
  for (const Instruction& i : parts.before) {
    if (i.term.is_tagged("load_object_code", 2) || i.term.is_tagged("apply", 2)) continue;
    throw i.error(fmt::format("Bad instruction {} before point_of_no_return", print_line(i.term)));
  }
  const auto rest = std::stable_partition(
      parts.after.begin(), parts.after.end(),
      [](const Instruction& i) { return i.term.is_tagged("load_object_code", 2); });
  parts.before.insert(parts.before.end(), parts.after.begin(), rest);
  parts.after.erase(parts.after.begin(), rest);
  return parts;
}

void check_load(const ScriptParts& parts) {
  term::TermSet read;
  for (const Instruction& i : parts.before) {
    if (!i.term.is_tagged("load_object_code", 2)) continue;
    const Terms& modules = i.term[1][2].elements();
    read.insert(modules.begin(), modules.end());
  }
  for (const Instruction& load : parts.after) {
    if (!load.term.is_tagged("load", 2) || !load.term[1].is_tuple(3)) continue;
    if (!read.contains(load.term[1][0]))
      throw load.error("No load_object_code found for module: " + print_line(load.term[1][0]));
  }
}

void check_pairs(const Instructions& after) {
  const Named suspended = modules_of(after, "suspend"), resumed = modules_of(after, "resume");
  check_in(suspended, resumed, "Suspended but not resumed: ");
  check_in(resumed, suspended, "Resumed but not suspended: ");
  const Named started = modules_of(after, "start"), stopped = modules_of(after, "stop");
  check_in(started, stopped, "Started but not stopped: ");
  check_in(stopped, started, "Stopped but not started: ");
}

}  // namespace relmk::otp
