// The order of checks is that of systools_make:check_rel/1.
#include "otp/release/release_resource.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "otp/application/print_line.h"
#include "sys/error.h"
#include "term/atoms.h"
#include "term/consult.h"

namespace relmk::otp {
namespace {

constexpr std::array<const char*, 5> start_types = {"permanent", "transient", "temporary", "load",
                                                    "none"};

// {App, Vsn}, {App, Vsn, Type}, {App, Vsn, Included} or {App, Vsn, Type, Included}.
std::optional<ReleaseApplication> release_application(const Term& term) {
  if (!term.is_tuple() || term.elements().size() < 2 || term.elements().size() > 4) return {};
  if (!term[0].is_atom() || !term[1].is_string()) return {};
  ReleaseApplication application{term[0].as_atom(), term[1].to_utf8(), std::nullopt, std::nullopt,
                                 term.position()};
  size_t next = 2;
  if (next < term.elements().size() && term[next].is_atom()) {
    application.type = start_type(term[next].atom_text());
    if (!application.type) return {};
    ++next;
  }
  if (next < term.elements().size() && term::is_atom_list(term[next])) {
    application.included_applications.emplace();
    for (const Term& name : term[next].elements()) {
      application.included_applications->push_back(name.as_atom());
    }
    ++next;
  }
  if (next != term.elements().size()) return {};
  return application;
}

const ReleaseApplication* find(const ReleaseResource& release, std::string_view name) {
  for (const ReleaseApplication& application : release.applications) {
    if (application.name.text() == name) return &application;
  }
  return nullptr;
}

std::string checked_string(const Term& term, Position at, const std::string& file,
                           const std::string& fault) {
  if (!term.is_string()) throw Error(file, at, fault);
  return term.to_utf8();
}

}  // namespace

const char* start_type_text(StartType type) {
  return start_types[static_cast<size_t>(type)];
}

std::optional<StartType> start_type(std::string_view text) {
  for (size_t i = 0; i < start_types.size(); ++i) {
    if (start_types[i] == text) return static_cast<StartType>(i);
  }
  return std::nullopt;
}

void check_mandatory_applications(const ReleaseResource& release, const std::string& file,
                                  Position at) {
  for (const char* name : {"kernel", "stdlib"}) {
    const ReleaseApplication* application = find(release, name);
    if (!application) {
      throw Error(
          file, at,
          std::string("Mandatory application ") + name + " must be specified in the release file");
    }
    const StartType type = application->type.value_or(StartType::Permanent);
    if (type != StartType::Permanent) {
      throw Error(file, application->at ? application->at : at,
                  std::string("Mandatory application ") + name +
                      " must be of type 'permanent' in the release file. Is '" +
                      start_type_text(type) + "'.");
    }
  }
}

ReleaseResource release_resource(const Term& term, const std::string& file) {
  if (!term.is_tagged("release", 4) || !term[1].is_tuple(2) || !term[2].is_tagged("erts", 2) ||
      !term[3].is_proper_list()) {
    throw Error(file, term.position(), "Syntax error in the release file")
        .with_hint(
            "a release resource file holds {release, {Name, Vsn}, {erts, EVsn}, [{App, Vsn}]}.");
  }
  ReleaseResource release;
  release.name =
      checked_string(term[1][0], term[1].position(), file,
                     "Illegal name (" + print_line(term[1][0]) + ") in the release file");
  release.version = checked_string(term[1][1], term[1].position(), file,
                                   "Illegal tag in the release file: " + print_line(term[1][1]));
  release.erts_version = checked_string(term[2][1], term[2].position(), file,
                                        "Illegal tag in the release file: " + print_line(term[2]));
  constexpr size_t kMostApplications = 50'000;
  if (term[3].elements().size() > kMostApplications)
    throw Error(file, term[3].position(),
                fmt::format("more than {} applications of a release", kMostApplications));
  for (const Term& element : term[3].elements()) {
    std::optional<ReleaseApplication> application = release_application(element);
    if (!application) {
      const Position at = element.position() ? element.position() : term[3].position();
      throw Error(file, at,
                  "Illegal applications in the release file: [" + print_line(element) + "]");
    }
    release.applications.push_back(std::move(*application));
  }
  check_mandatory_applications(release, file, term.position());
  return release;
}

ReleaseResource read_release_resource(const std::string& file) {
  const std::optional<Term> term = term::consult_first_term(file);
  if (!term) throw Error(file, "no Erlang term in it");
  return release_resource(*term, file);
}

bool lacks_sasl(const ReleaseResource& release) {
  return find(release, "sasl") == nullptr;
}

Term release_resource_term(const ReleaseResource& release) {
  Terms applications;
  for (const ReleaseApplication& application : release.applications) {
    Terms elements{application.name, Term::string(application.version)};
    if (application.type) elements.push_back(Term::atom(start_type_text(*application.type)));
    if (application.included_applications) {
      Terms names(application.included_applications->begin(),
                  application.included_applications->end());
      elements.push_back(Term::list(std::move(names)));
    }
    applications.push_back(Term::tuple(std::move(elements)));
  }
  return Term::tuple({Term::atom("release"),
                      Term::tuple({Term::string(release.name), Term::string(release.version)}),
                      Term::tuple({Term::atom("erts"), Term::string(release.erts_version)}),
                      Term::list(std::move(applications))});
}

}  // namespace relmk::otp
