#include "enit/resolution.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "otp/release/start_order.h"
#include "term/atoms.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

using Atoms = std::vector<Atom>;

std::string text(const Atom& atom) {
  return term::print_atom(atom, true);
}

class Resolution {
 public:
  Resolution(const InstalledApplications& installed, Faults& faults)
      : installed_(installed), faults_(faults) {}

  void add_named(const NamedApplications& named) {
    for (const Atom& name : named.names)
      add(name, {named.file, named.at, {}});
  }
  void add_mandatory() {
    for (const char* name : {"kernel", "stdlib"})
      add(Atom(name), {{}, {}, {}});
  }

  // What was found needs more, until nothing is new.
  void complete() {
    for (size_t i = 0; i < found.size(); ++i) {
      const otp::ApplicationResource app = found[i];
      for (const Atom& name : app.applications) {
        if (term::contains(app.optional_applications, name) && !is_installed(name)) continue;
        add(name, {{}, {}, app.name});
      }
      for (const Atom& name : app.included_applications)
        add(name, {{}, {}, app.name});
    }
    tell_missing();
    tell_circles();
    tell_included_twice();
    tell_missing_modules();
  }

  std::vector<otp::ApplicationResource> found;

 private:
  struct Need {
    std::string file;  // that names it
    Position at;
    std::optional<Atom> by;  // or the application that needs it
  };

  bool is_installed(const Atom& name) const {
    try {
      return installed_.find(name).has_value();
    } catch (const Error&) {
      return true;  // told by who adds it
    }
  }

  void add(const Atom& name, Need need) {
    if (term::contains(unreadable_, name)) return;
    if (missing_.contains(name.text())) {
      missing_.at(name.text()).push_back(std::move(need));
      return;
    }
    for (const otp::ApplicationResource& app : found) {
      if (app.name == name) return;
    }
    try {
      if (auto app = installed_.find(name)) {
        found.push_back(std::move(*app));
        return;
      }
      missing_[name.text()].push_back(std::move(need));
    } catch (const Error& error) {
      faults_.add(error);
      unreadable_.push_back(name);
    }
  }

  void tell_missing() {
    for (const auto& [name, needs] : missing_) {
      std::vector<std::string> by;
      const Need* named = nullptr;
      for (const Need& need : needs) {
        if (need.by) by.push_back(text(*need.by));
        if (!need.file.empty() && named == nullptr) named = &need;
      }
      std::string message = fmt::format("application {} is not installed", text(Atom(name)));
      if (!by.empty()) message += fmt::format(", and needed by {}", fmt::join(by, ", "));
      faults_.add(Error(named != nullptr ? named->file : std::string(),
                        named != nullptr ? named->at : Position{}, message)
                      .with_hint(fmt::format("looked for {}.app in {}", name,
                                             fmt::join(installed_.directories(), ", "))));
    }
  }

  const otp::ApplicationResource* resource(const Atom& name) const {
    for (const otp::ApplicationResource& app : found) {
      if (app.name == name) return &app;
    }
    return nullptr;
  }

  // Each circle once, from its first member on.
  void tell_circles() {
    Atoms done, path;
    for (const otp::ApplicationResource& app : found)
      visit(app, path, done);
  }

  void visit(const otp::ApplicationResource& app, Atoms& path, Atoms& done) {
    if (term::contains(done, app.name)) return;
    const auto again = std::find(path.begin(), path.end(), app.name);
    if (again != path.end()) {
      std::vector<std::string> members;
      for (auto at = again; at != path.end(); ++at)
        members.push_back(text(*at));
      members.push_back(text(app.name));
      faults_.add(Error(app.file, "circle of applications, each needs the next: " +
                                      fmt::format("{}", fmt::join(members, " -> "))));
      return;
    }
    path.push_back(app.name);
    for (const Atoms* needs : {&app.applications, &app.included_applications}) {
      for (const Atom& name : *needs) {
        // An application may need who includes it.
        const otp::ApplicationResource* needed = resource(name);
        if (needed != nullptr && !term::contains(needed->included_applications, app.name)) {
          visit(*needed, path, done);
        }
      }
    }
    path.pop_back();
    done.push_back(app.name);
  }

  void tell_included_twice() {
    std::map<std::string, std::vector<std::string>> includers;
    for (const otp::ApplicationResource& app : found) {
      for (const Atom& name : app.included_applications)
        includers[name.text()].push_back(text(app.name));
    }
    for (const auto& [name, by] : includers) {
      if (by.size() < 2) continue;
      faults_.add(Error(fmt::format("application {} is included by {}", text(Atom(name)),
                                    fmt::join(by, " and by "))));
    }
  }

  // The boot file loads all of them.
  void tell_missing_modules() {
    for (const otp::ApplicationResource& app : found) {
      for (const Atom& module : app.modules) {
        const fs::path beam = app.directory / "ebin" / (module.text() + ".beam");
        std::error_code ignored;
        if (fs::exists(beam, ignored)) continue;
        faults_.add(Error(app.file, fmt::format("module {} of application {} is missing",
                                                text(module), text(app.name))));
      }
    }
  }

  const InstalledApplications& installed_;
  Faults& faults_;
  std::map<std::string, std::vector<Need>> missing_;
  Atoms unreadable_;
};

}  // namespace

otp::ReleaseApplications resolve(const Specification& release,
                                 const std::vector<NamedApplications>& named,
                                 const InstalledApplications& installed,
                                 const otp::Installation& otp, Faults& faults) {
  const size_t faults_before = faults.all().size();
  Resolution resolution(installed, faults);
  resolution.add_mandatory();
  for (const NamedApplications& names : named)
    resolution.add_named(names);
  resolution.complete();
  otp::ReleaseResource resource{release.name, release.version, otp.erts_version, {}};
  for (const otp::ApplicationResource& app : resolution.found)
    resource.applications.push_back({app.name, app.version, otp::StartType::Permanent, {}, {}});
  if (faults.all().size() != faults_before) {
    return {std::move(resource), release.applications.file, std::move(resolution.found)};
  }
  try {
    return otp::release_applications(resource, release.applications.file,
                                     std::move(resolution.found), otp::Repetitions::Ignored);
  } catch (const Error& error) {
    faults.add(error);
  }
  return {};
}

std::vector<Atom> needed_by(const otp::ReleaseApplications& applications, std::vector<Atom> roots) {
  for (size_t i = 0; i < roots.size(); ++i) {
    for (const otp::ApplicationResource& app : applications.resources) {
      if (app.name != roots[i]) continue;
      for (const std::vector<Atom>* needs : {&app.applications, &app.included_applications}) {
        for (const Atom& name : *needs) {
          if (!term::contains(roots, name)) roots.push_back(name);
        }
      }
    }
  }
  return roots;
}

}  // namespace relmk::enit
