// systools_make keeps one list of what is to be visited. The first application is taken off; what
// it needs and is still in the list goes before it, and the two are visited again; once nothing
// that it needs is left in the list, it has its place. One that must go before an application and
// was visited already closes a circle. The steps below are those of sort_appls/4 and find_all/6,
// because
// the order in which equals come out is part of the boot file.
#include "otp/release/start_order.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <list>
#include <unordered_map>

#include "otp/application/print_line.h"
#include "sys/error.h"
#include "term/atoms.h"

namespace relmk::otp {
namespace {

using Atoms = std::vector<Atom>;
using term::AtomHash;

std::string circular_dependencies(Terms terms) {
  return "Circular dependencies among applications: " + print_line(Term::list(std::move(terms)));
}

// List -- [Atom]
void subtract(Atoms& atoms, const Atom& atom) {
  const auto found = std::find(atoms.begin(), atoms.end(), atom);
  if (found != atoms.end()) atoms.erase(found);
}

// Which application includes which: each is included by one at most.
class Inclusions {
 public:
  explicit Inclusions(const ReleaseApplications& applications) : applications_(applications) {
    for (const ApplicationResource& app : applications.resources) {
      for (const Atom& included : app.included_applications)
        includer_.emplace(included, app.name);
    }
  }

  bool is_included(const Atom& name) const { return includer_.contains(name); }

  // The application that includes the one that includes … `name`; itself when none does.
  Atom top(Atom name) const {
    Atoms seen;
    for (auto at = includer_.find(name); at != includer_.end(); at = includer_.find(name)) {
      if (term::contains(seen, name)) {
        throw Error(applications_.release_file,
                    circular_dependencies(Terms(seen.begin(), seen.end())))
            .with_hint("they include each other");
      }
      seen.push_back(name);
      name = at->second;
    }
    return name;
  }

 private:
  const ReleaseApplications& applications_;
  std::unordered_map<Atom, Atom, AtomHash> includer_;
};

// What an application uses, after add_top_apps_to_uses/3: for an included application its top one
// is to be started first, unless both are included in the same one; its own top one does not count.
Atoms uses_of_tops(const ApplicationResource& app, const Inclusions& inclusions) {
  const Atom own_top = inclusions.top(app.name);
  Atoms uses = app.applications;
  for (const Atom& used : app.applications) {
    if (used == own_top) {
      subtract(uses, own_top);
    } else if (inclusions.is_included(used)) {
      const Atom top = inclusions.top(used);
      if (term::contains(uses, top)) {
        subtract(uses, used);
      } else if (top != own_top) {
        subtract(uses, used);
        uses.push_back(top);
      }
    }
  }
  return uses;
}

// In the .rel's order; optional ones that the release lacks come last.
void sort_as_release(Atoms& atoms, const std::unordered_map<Atom, size_t, AtomHash>& index) {
  const auto position = [&index](const Atom& atom) {
    const auto found = index.find(atom);
    return found == index.end() ? std::numeric_limits<size_t>::max() : found->second;
  };
  std::stable_sort(atoms.begin(), atoms.end(),
                   [&position](const Atom& a, const Atom& b) { return position(a) < position(b); });
}

std::vector<OrderedApplication> arranged(const ReleaseApplications& applications) {
  const Inclusions inclusions(applications);
  const auto& entries = applications.release.applications;
  std::unordered_map<Atom, size_t, AtomHash> index;
  for (size_t i = 0; i < entries.size(); ++i)
    index.emplace(entries[i].name, i);
  std::vector<OrderedApplication> arranged;
  for (size_t i = 0; i < entries.size(); ++i) {
    const ApplicationResource& app = applications.resources[i];
    OrderedApplication ordered{app, entries[i].type.value_or(StartType::Permanent),
                               uses_of_tops(app, inclusions), app.included_applications};
    sort_as_release(ordered.uses, index);
    sort_as_release(ordered.includes, index);
    arranged.push_back(std::move(ordered));
  }
  return arranged;
}

class Sort {
 public:
  explicit Sort(std::vector<OrderedApplication>& applications) {
    for (OrderedApplication& application : applications)
      put(left_.end(), &application);
  }

  void run() {
    while (!left_.empty()) {
      OrderedApplication* application = left_.front();
      take_off(left_.begin());
      Atoms not_found;
      std::vector<OrderedApplication*> before = take(application, application->uses, not_found);
      for (const Atom& optional : application->resource.optional_applications) {
        subtract(not_found, optional);
      }
      const auto included = take(application, application->includes, not_found);
      before.insert(before.end(), included.begin(), included.end());
      missing.insert(missing.begin(), not_found.begin(), not_found.end());
      if (before.empty()) {
        sorted.push_back(application);
      } else {
        put_before(application, before);
      }
      ++visited_[application->resource.name];
    }
  }

  std::vector<OrderedApplication*> sorted;
  Terms circular;  // [{Name, Vsn}]
  Terms missing;   // [Name]

 private:
  using Left = std::list<OrderedApplication*>;

  void put(Left::iterator before, OrderedApplication* application) {
    places_[application->resource.name] = left_.insert(before, application);
  }

  void take_off(Left::iterator place) {
    places_.erase((*place)->resource.name);
    left_.erase(place);
  }

  // Takes out of what is left those of `names` that are in it, in this order; not one that includes
  // `application`, which may use its includer when that was visited before. `not_found` grows by
  // those that are neither left nor visited.
  std::vector<OrderedApplication*> take(const OrderedApplication* application, const Atoms& names,
                                        Atoms& not_found) {
    std::vector<OrderedApplication*> taken;
    Atoms absent;
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      const auto found = places_.find(*name);
      if (found != places_.end() &&
          !term::contains((*found->second)->includes, application->resource.name)) {
        taken.push_back(*found->second);
        take_off(found->second);
      } else if (visited_[*name] == 0) {
        absent.push_back(*name);
      }
    }
    std::reverse(taken.begin(), taken.end());
    not_found.insert(not_found.end(), absent.rbegin(), absent.rend());
    return taken;
  }

  // Visited again first: `before`, then `application`. A circle is broken by leaving out its known
  // members.
  void put_before(OrderedApplication* application, std::vector<OrderedApplication*> before) {
    Terms circle;
    for (const OrderedApplication* candidate : before) {
      const int times = visited_[candidate->resource.name];
      for (int i = 0; i < times; ++i)
        circle.push_back(identity(candidate));
    }
    if (!circle.empty()) {
      circle.insert(circle.begin(), identity(application));
      circular.insert(circular.begin(), circle.begin(), circle.end());
    }
    std::erase_if(before, [this](const OrderedApplication* candidate) {
      return visited_[candidate->resource.name] > 0;
    });
    put(left_.begin(), application);
    for (auto one = before.rbegin(); one != before.rend(); ++one)
      put(left_.begin(), *one);
  }

  static Term identity(const OrderedApplication* application) {
    return Term::tuple({application->resource.name, Term::string(application->resource.version)});
  }

  Left left_;
  std::unordered_map<Atom, Left::iterator, AtomHash> places_;  // of each in left_
  std::unordered_map<Atom, int, AtomHash> visited_;
};

Terms without_repetitions(const Terms& terms) {
  Terms set;
  for (const Term& term : terms) {
    if (std::find(set.begin(), set.end(), term) == set.end()) set.push_back(term);
  }
  return set;
}

}  // namespace

std::vector<OrderedApplication> start_order(const ReleaseApplications& applications) {
  std::vector<OrderedApplication> all = arranged(applications);
  Sort sort(all);
  sort.run();
  std::string fault;
  if (!sort.circular.empty()) fault = circular_dependencies(without_repetitions(sort.circular));
  if (!sort.missing.empty()) {
    fault +=
        (fault.empty() ? "" : "; ") +
        ("Undefined applications: " + print_line(Term::list(without_repetitions(sort.missing))));
  }
  if (!fault.empty()) throw Error(applications.release_file, fault);
  std::vector<OrderedApplication> ordered;
  ordered.reserve(all.size());
  for (OrderedApplication* application : sort.sorted)
    ordered.push_back(std::move(*application));
  return ordered;
}

}  // namespace relmk::otp
