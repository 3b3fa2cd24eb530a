#include "enit/configuration.h"

#include "otp/application/print_line.h"
#include "term/consult.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

class File {
 public:
  File(std::string file, Configuration& out, Faults& faults)
      : file_(std::move(file)), out_(out), faults_(faults) {}

  void take(const Term& term) {
    if (term.is_tagged("extension")) {
      take_extension(term);
    } else if (term.is_tuple(2) && term[0].is_atom() && term[1].is_proper_list()) {
      Section& section = out_.sections[term[0].atom_text()];
      for (const Term& setting : term[1].elements())
        take_setting(setting, term, section);
    } else if (term.is_list()) {
      faults_.add(
          Error(file_, term.position(), "expected {Application, [{Key, Value}]}., not a list")
              .with_hint("unlike sys.config, each application is a term of its own"));
    } else {
      fault(term, "expected {Application, [{Key, Value}]}., not " + otp::print_line(term));
    }
  }

 private:
  void fault(const Term& at, const std::string& what) {
    faults_.add(Error(file_, at.position(), what));
  }

  void take_setting(const Term& setting, const Term& around, Section& section) {
    if (setting.is_tuple(2) && setting[0].is_atom()) {
      section[setting[0].atom_text()] = {setting[1], file_, setting.position()};
    } else {
      const Position at = setting.position() ? setting.position() : around[1].position();
      faults_.add(Error(file_, at,
                        term::print_atom(around[0].as_atom(), true) +
                            ": expected {Key, Value}, not " + otp::print_line(setting)));
    }
  }

  void take_extension(const Term& term) {
    if (!term.is_tuple(3) || !text_of(term[1]) || !term[2].is_proper_list()) {
      return fault(term, "expected {extension, Name, [{applications, [Application]}]}.");
    }
    Extension extension{Atom(*text_of(term[1])), {{}, file_, term.position()}};
    for (const Term& property : term[2].elements()) {
      if (property.is_tagged("applications", 2)) {
        extension.applications = named_applications(file_, property, faults_);
      } else if (!property.is_tuple(2) || !property[0].is_atom()) {
        fault(property.position() ? property : term,
              "expected {Key, Value}, not " + otp::print_line(property));
      }
    }
    out_.extensions.push_back(std::move(extension));
  }

  const std::string file_;
  Configuration& out_;
  Faults& faults_;
};

bool has_vanished(const fs::path& file) {
  std::error_code ignored;
  return !fs::exists(file, ignored);
}

}  // namespace

Configuration read_configuration(const std::vector<fs::path>& files, Faults& faults) {
  Configuration out;
  for (const fs::path& path : files) {
    try {
      if (path.extension() == ".toml") {
        read_toml_configuration(path.string(), out, faults);
        continue;
      }
      File file(path.string(), out, faults);
      for (const Term& term : term::consult_file(path))
        file.take(term);
    } catch (const Error& error) {
      if (!has_vanished(path)) faults.add(error);
    }
  }
  return out;
}

Term application_configuration(const Configuration& configuration) {
  Terms sections;
  for (const auto& [application, section] : configuration.sections) {
    if (application == "node") continue;
    Terms settings;
    for (const auto& [key, setting] : section)
      settings.push_back(Term::tuple({Term::atom(key), setting.value}));
    sections.push_back(Term::tuple({Term::atom(application), Term::list(std::move(settings))}));
  }
  return Term::list(std::move(sections));
}

std::vector<NamedApplications> named_applications(const Specification& release,
                                                  const Configuration& configuration) {
  std::vector<NamedApplications> all{release.applications};
  for (const Extension& extension : configuration.extensions)
    all.push_back(extension.applications);
  return all;
}

}  // namespace relmk::enit
