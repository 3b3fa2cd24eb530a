// The checks come in the order of systools_make:get_release1/3, so that of several faults the same
// one is told. Where systools prints a list over several lines, this is one line.
#include "otp/release/release_applications.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "beam/beam_file.h"
#include "otp/application/print_line.h"
#include "otp/release/start_order.h"
#include "sys/error.h"
#include "sys/wildcard.h"
#include "sys/words.h"
#include "sys/workers.h"
#include "term/atoms.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

using Atoms = std::vector<Atom>;

using term::AtomHash;
using term::AtomSet;

std::string atoms_line(const Atoms& atoms) {
  return print_line(Term::list(Terms(atoms.begin(), atoms.end())));
}

// Where {Key, …} stands in an .app file; the whole of it when it does not.
Position property_position(const ApplicationResource& app, std::string_view key) {
  if (!app.term.is_tuple(3)) return {};
  for (const Term& property : app.term[2].elements()) {
    if (property.is_tagged(key)) return property.position();
  }
  return app.term.position();
}

// {App, Vsn, …, Included} of the .rel narrows what the .app includes.
void keep_included(ApplicationResource& app, const ReleaseApplication& entry,
                   const std::string& release_file) {
  if (!entry.included_applications) return;
  const AtomSet specified(app.included_applications.begin(), app.included_applications.end());
  Atoms not_specified;
  for (const Atom& name : *entry.included_applications) {
    if (!specified.contains(name)) not_specified.push_back(name);
  }
  if (!not_specified.empty()) {
    throw Error(release_file, entry.at,
                fmt::format("{}: Tried to include not (in .app file) specified applications: {}",
                            term::print_atom(app.name, true), atoms_line(not_specified)));
  }
  app.included_applications = *entry.included_applications;
}

// Modules, registered names and included applications that are there twice are refused in any case
// (check_unique), but not in these words.
// Returns how many warnings it gave.
int check_repetitions(const ApplicationResource& app, Repetitions repetitions) {
  if (repetitions == Repetitions::Ignored) return 0;
  int warnings = 0;
  const bool is_refused = repetitions == Repetitions::Refused;
  const auto check = [&](const char* key, const Atoms& atoms) {
    AtomSet seen;
    Atoms repeated;
    for (const Atom& atom : atoms)
      if (!seen.insert(atom).second) repeated.push_back(atom);
    if (repeated.empty()) return;
    const Position at = property_position(app, key);
    const std::string what =
        fmt::format("{} parameter contains duplicates of: {}", key, atoms_line(repeated));
    if (is_refused) throw Error(app.file, at, term::print_atom(app.name, true) + ": " + what);
    sys::warn(app.file, at, what + " (an error from OTP 27 on)");
    ++warnings;
  };
  if (is_refused) {
    check("modules", app.modules);
    check("registered", app.registered);
    check("included_applications", app.included_applications);
  }
  check("applications", app.applications);
  check("optional_applications", app.optional_applications);
  return warnings;
}

void check_undefined(const ReleaseApplications& applications) {
  std::unordered_set<std::string> defined;
  for (const ReleaseApplication& entry : applications.release.applications) {
    defined.insert(entry.name.text());
  }
  Atoms undefined;
  AtomSet known_undefined;
  std::vector<std::string> needs;
  const ApplicationResource* first = nullptr;
  for (const ApplicationResource& app : applications.resources) {
    std::unordered_map<Atom, size_t, AtomHash> optional;  // how often
    for (const Atom& name : app.optional_applications)
      ++optional[name];
    Atoms needed;
    for (const Atom& name : app.applications) {
      const auto found = optional.find(name);
      if (found == optional.end() || found->second == 0)
        needed.push_back(name);
      else
        --found->second;
    }
    needed.insert(needed.end(), app.included_applications.begin(), app.included_applications.end());
    for (const Atom& name : needed) {
      if (defined.contains(name.text())) continue;
      if (!first) first = &app;
      if (known_undefined.insert(name).second) undefined.push_back(name);
      needs.push_back(fmt::format("{} is needed by {}", term::print_atom(name, true),
                                  term::print_atom(app.name, true)));
    }
  }
  if (undefined.empty()) return;
  const bool of_file = !first->file.empty();
  const bool used = term::contains(first->applications, undefined.front());
  throw Error(of_file ? first->file : applications.release_file,
              property_position(*first, used ? "applications" : "included_applications"),
              "Undefined applications: " + atoms_line(undefined))
      .with_hint(fmt::format("{}; {} does not name {}", sys::joined(needs, ", "),
                             applications.release_file, undefined.size() == 1 ? "it" : "them"));
}

// Two applications that both have `what`, as systools pairs them: neighbours after sorting, the
// last pair first.
void check_unique(const ReleaseApplications& applications, Atoms ApplicationResource::*member,
                  const char* fault, const char* verb) {
  using Owned = std::pair<Atom, Atom>;  // what, and whose
  std::vector<Owned> all;
  for (const ApplicationResource& app : applications.resources) {
    for (const Atom& what : app.*member)
      all.emplace_back(what, app.name);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Owned& a, const Owned& b) { return a.first.text() < b.first.text(); });
  std::vector<std::string> pairs;
  for (size_t i = all.size(); i-- > 1;) {
    if (all[i - 1].first != all[i].first) continue;
    pairs.push_back(fmt::format("{} {} {} and {}", term::print_atom(all[i].first, true), verb,
                                term::print_atom(all[i - 1].second, true),
                                term::print_atom(all[i].second, true)));
  }
  if (!pairs.empty()) {
    throw Error(applications.release_file, fmt::format("{}: {}", fault, sys::joined(pairs, ", ")));
  }
}

// Of several applications that cannot be read, the first one's error, and the others' names.
class Unread {
 public:
  Unread(const std::string& release_file) : release_file_(release_file) {}

  void add(const ReleaseApplication& entry, const Error& error) {
    if (first_) {
      others_.push_back(term::print_atom(entry.name, true));
    } else if (error.file().empty()) {
      first_ = Error(release_file_, entry.at, error.message()).with_hint(error.hint());
    } else {
      first_ = error;
    }
  }

  void raise() const {
    if (!first_) return;
    if (others_.empty()) throw *first_;
    throw Error(
        first_->file(), first_->position(),
        fmt::format("{} (nor can be read: {})", first_->message(), sys::joined(others_, ", ")))
        .with_hint(first_->hint());
  }

 private:
  const std::string& release_file_;
  std::optional<Error> first_;
  std::vector<std::string> others_;
};

}  // namespace

// As which atoms its systools_make has says.
Repetitions repetitions(const Installation& otp) {
  const std::vector<fs::path> files = sys::wildcard("sasl-*/ebin/systools_make.beam", otp.lib);
  if (files.empty()) return Repetitions::Warned;
  const Atoms atoms = beam::BeamFile(otp.lib / files.back()).atoms();
  return term::contains(atoms, Atom("dupl_entry")) ? Repetitions::Refused : Repetitions::Warned;
}

ReleaseApplications release_applications(const ReleaseResource& release,
                                         const std::string& release_file,
                                         std::vector<ApplicationResource> resources,
                                         Repetitions repetitions) {
  ReleaseApplications applications{release, release_file, std::move(resources), 0};
  for (size_t i = 0; i < release.applications.size(); ++i) {
    keep_included(applications.resources[i], release.applications[i], release_file);
    applications.warnings += check_repetitions(applications.resources[i], repetitions);
  }
  check_undefined(applications);
  check_unique(applications, &ApplicationResource::registered, "Duplicated register names",
               "registered in");
  check_unique(applications, &ApplicationResource::included_applications,
               "Duplicated application included", "included in");
  check_unique(applications, &ApplicationResource::modules, "Duplicated modules", "specified in");
  start_order(applications);
  return applications;
}

ReleaseApplications load_release_applications(const ReleaseResource& release,
                                              const std::string& release_file, CodePath& path,
                                              Repetitions repetitions) {
  const auto& entries = release.applications;
  std::vector<ApplicationResource> resources(entries.size());
  std::vector<std::optional<Error>> errors(entries.size());
  path.list();
  sys::for_each_parallel(entries.size(), [&](size_t i) {
    try {
      resources[i] = path.find(entries[i].name, entries[i].version);
    } catch (const Error& error) {
      errors[i] = error;
    }
  });
  Unread unread(release_file);
  for (size_t i = 0; i < entries.size(); ++i) {
    if (errors[i]) unread.add(entries[i], *errors[i]);
  }
  unread.raise();
  return release_applications(release, release_file, std::move(resources), repetitions);
}

ReleaseResource node_type_release(const ReleaseApplications& applications, const Atom& application,
                                  const std::vector<Atom>& also) {
  std::unordered_map<std::string, const ApplicationResource*> resources;
  std::unordered_map<std::string, Atoms> includers;
  for (const ApplicationResource& app : applications.resources) {
    resources.emplace(app.name.text(), &app);
    for (const Atom& name : app.included_applications)
      includers[name.text()].push_back(app.name);
  }
  Atoms kept;
  std::unordered_set<std::string> names, included;
  const auto keep = [&](const Atom& name) {
    if (names.insert(name.text()).second) kept.push_back(name);
  };
  for (const Atom& name : {Atom("kernel"), Atom("stdlib"), application})
    keep(name);
  for (const Atom& name : also)
    keep(name);
  for (size_t i = 0; i < kept.size(); ++i) {
    const Atom name = kept[i];
    const auto found = resources.find(name.text());
    if (found == resources.end()) {
      throw Error(applications.release_file,
                  term::print_atom(name, true) + " is not in the release");
    }
    for (const Atom& other : found->second->included_applications) {
      included.insert(other.text());
      keep(other);
    }
    for (const Atom& other : found->second->applications)
      if (resources.contains(other.text())) keep(other);
    // An included application is started by the one that includes it.
    for (const Atom& other : includers[name.text()])
      keep(other);
  }
  ReleaseResource release = applications.release;
  for (ReleaseApplication& entry : release.applications) {
    const bool only_loads = entry.type == StartType::Load || entry.type == StartType::None;
    if (!names.contains(entry.name.text())) {
      entry.type = StartType::None;
    } else if (only_loads && !included.contains(entry.name.text())) {
      entry.type.reset();
    }
  }
  return release;
}

}  // namespace relmk::otp
