#include "relx/config/goals.h"

#include <fmt/core.h>

#include <algorithm>

#include "otp/application/print_line.h"
#include "sys/error.h"

namespace relmk::relx {
namespace {

std::optional<otp::StartType> as_start_type(const Term& term) {
  return term.is_atom() ? otp::start_type(term.atom_text()) : std::nullopt;
}

std::optional<std::vector<Atom>> as_atoms(const Term& term) {
  if (!term.is_proper_list()) return {};
  std::vector<Atom> atoms;
  for (const Term& element : term.elements()) {
    if (!element.is_atom()) return {};
    atoms.push_back(element.as_atom());
  }
  return atoms;
}

// name | {Name, Vsn?, Type?, [Included]?}, what is absent left out, the order kept.
Goal parse_goal(const Term& term, Position around, const std::string& file) {
  Goal goal;
  goal.at = term.is_atom() || !term.position() ? around : term.position();
  if (term.is_atom()) {
    goal.name = term.as_atom();
    return goal;
  }
  const auto bad = [&] {
    return Error(file, goal.at, "malformed application in a release: " + otp::print_line(term))
        .with_hint("expected App, or {App, \"Version\", Type, [IncludedApp]} with parts left out");
  };
  if (!term.is_tuple() || term.elements().size() < 2 || term.elements().size() > 4 ||
      !term[0].is_atom()) {
    throw bad();
  }
  goal.name = term[0].as_atom();
  size_t next = 1;
  const auto more = [&] { return next < term.elements().size(); };
  // [] is a list of no applications, not an empty version.
  if (more() && term[next].is_string() && !term[next].is_nil()) {
    goal.version = term[next++].to_utf8();
  }
  if (more()) {
    goal.type = as_start_type(term[next]);
    if (goal.type) ++next;
  }
  if (more()) {
    goal.included_applications = as_atoms(term[next]);
    if (goal.included_applications) ++next;
  }
  if (more()) throw bad();
  return goal;
}

std::vector<Goal> parse_goals(const Term& list, Position around, const std::string& file) {
  if (!list.is_proper_list()) {
    throw Error(file, around, "malformed list of applications: " + otp::print_line(list));
  }
  std::vector<Goal> goals;
  for (const Term& term : list.elements()) {
    goals.push_back(parse_goal(term, list.position() ? list.position() : around, file));
  }
  return goals;
}

// Those of the base release in its order, each replaced by the goal of the same name, then the new.
std::vector<Goal> merge_goals(std::vector<Goal> base, std::vector<Goal> goals) {
  for (Goal& goal : goals) {
    const auto same = std::find_if(base.begin(), base.end(),
                                   [&](const Goal& other) { return other.name == goal.name; });
    if (same == base.end()) {
      base.push_back(std::move(goal));
    } else {
      *same = std::move(goal);
    }
  }
  return base;
}

const ConfiguredRelease& extended_release(const Term& extend, const ConfiguredRelease& release,
                                          const ConfiguredReleases& known,
                                          const std::string& file) {
  const Term& base = extend[1];
  const bool has_version = base.is_tuple(2) && base[0].is_atom() && base[1].is_string();
  if (!base.is_atom() && !has_version) {
    throw Error(file, extend.position(), "malformed extend: " + otp::print_line(extend))
        .with_hint("expected {extend, Name} or {extend, {Name, Version}}");
  }
  const Atom name = base.is_atom() ? base.as_atom() : base[0].as_atom();
  const std::string version = has_version ? base[1].to_utf8() : release.version;
  if (const ConfiguredRelease* other = known.find(name, version)) return *other;
  throw Error(file, extend.position(),
              fmt::format("No releases exist in the system for {}:{}!", name.text(), version))
      .with_hint("a release is extended after it was defined");
}

}  // namespace

ConfiguredRelease configured_release(const Term& term, const ConfiguredReleases& known,
                                     const std::string& file) {
  const Terms& parts = term.elements();
  const auto malformed = [&] {
    return Error(file, term.position(), "malformed release: " + otp::print_line(term))
        .with_hint(
            "expected {release, {Name, Version}, [App]}, with {erts, Version} before the "
            "applications or [Config] after them where needed");
  };
  if (parts.size() < 3 || parts.size() > 5 || !parts[1].is_tuple() ||
      parts[1].elements().size() < 2 || parts[1].elements().size() > 3 || !parts[1][0].is_atom() ||
      !parts[1][1].is_string()) {
    throw malformed();
  }
  ConfiguredRelease release;
  release.at = term.position();
  release.name = parts[1][0].as_atom();
  release.version = parts[1][1].to_utf8();
  size_t next = 2;
  if (parts[next].is_tagged("erts", 2)) {
    if (!parts[next][1].is_string() || parts.size() == 3) throw malformed();
    release.erts_version = parts[next][1].to_utf8();
    ++next;
  }
  release.goals = parse_goals(parts[next], term.position(), file);
  ++next;
  if (parts[1].is_tuple(3)) {
    if (!parts[1][2].is_tagged("extend", 2)) throw malformed();
    const ConfiguredRelease& base = extended_release(parts[1][2], release, known, file);
    release.goals = merge_goals(base.goals, std::move(release.goals));
  }
  if (next < parts.size()) {
    if (!parts[next].is_proper_list()) throw malformed();
    release.config = parts[next].elements();
    ++next;
  }
  if (next < parts.size()) throw malformed();
  return release;
}

}  // namespace relmk::relx
