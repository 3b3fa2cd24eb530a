#include "mix/boot_files.h"

#include <algorithm>

#include "otp/application/installation.h"
#include "otp/boot/boot_script.h"
#include "otp/release/release_applications.h"
#include "otp/release/releases_file.h"
#include "sys/error.h"
#include "term/print.h"

namespace relmk::mix {
namespace {

using plan::Plan;
using plan::PlannedFile;

PlannedFile generated(std::string bytes) {
  return {PlannedFile::Kind::Content, {}, std::move(bytes), {}};
}

// As Mix.Release writes terms to be consulted.
std::string consultable(const Term& term) {
  term::PrintOptions unicode;
  unicode.unicode = true;
  return "%% coding: utf-8\n" + term::print_pretty(term, unicode) + ".\n";
}

bool starts_stdlib(const Term& instruction) {
  if (!instruction.is_tagged("apply", 2) || !instruction[1].is_tuple(3)) return false;
  const Term& call = instruction[1];
  return call[0].is_atom("application") && call[1].is_atom("start_boot") && call[2].is_list() &&
         !call[2].elements().empty() && call[2][0].is_atom("stdlib");
}

bool goes_through_release_lib(const Term& path) {
  return std::any_of(path.elements().begin(), path.elements().end(), [](const Term& directory) {
    return directory.is_string() && directory.to_utf8().starts_with("$RELEASE_LIB");
  });
}

class BootFiles {
 public:
  BootFiles(Plan& plan, const Answer& release,
            const std::vector<otp::ApplicationResource>& resources, const std::string& mix_exs)
      : plan_(plan),
        release_(release),
        resources_(resources),
        mix_exs_(mix_exs),
        otp_(otp::installation_at(release.otp_root)),
        template_(otp::boot_template(otp_)),
        directory_(plan::path_in_release("releases/" + release.version)) {
    options_.no_dot_erlang = true;
    for (const Application& application : release.applications) {
      if (application.is_otp) continue;
      const size_t slash = application.directory.rfind('/');
      options_.variables.emplace_back("RELEASE_LIB", application.directory.substr(0, slash));
    }
    if (release.consolidated)
      consolidated_ = "$RELEASE_LIB/../releases/" + release.version + "/consolidated";
  }

  void add_all() {
    for (const BootScriptChoice& choice : release_.boot_scripts)
      add(choice);
  }

 private:
  const otp::ApplicationResource& resource_of(Atom name) const {
    for (const otp::ApplicationResource& resource : resources_)
      if (resource.name == name) return resource;
    throw Error(mix_exs_, "Unknown application " + name.text());
  }

  otp::ReleaseResource release_of(const BootScriptChoice& choice,
                                  std::vector<otp::ApplicationResource>& resources) const {
    otp::ReleaseResource out{release_.name, release_.version, release_.erts_version, {}};
    for (const auto& [name, type] : choice.applications) {
      const otp::ApplicationResource& resource = resource_of(name);
      otp::ReleaseApplication application{name, resource.version, type, {}};
      if (!resource.included_applications.empty())
        application.included_applications = resource.included_applications;
      out.applications.push_back(std::move(application));
      resources.push_back(resource);
    }
    return out;
  }

  void add(const BootScriptChoice& choice) {
    std::vector<otp::ApplicationResource> resources;
    const otp::ReleaseResource release = release_of(choice, resources);
    const std::string at = directory_ + "/" + plan::path_in_release(choice.name);
    otp::check_mandatory_applications(release, mix_exs_, {});
    const otp::ReleaseApplications applications =
        otp::release_applications(release, mix_exs_, std::move(resources), otp::repetitions(otp_));
    const Term script = mix_boot_script(otp::boot_script(applications, template_, options_),
                                        consolidated_, release_.has_config_providers);
    plan_.add(at + ".boot", generated(otp::boot_bytes(script, template_)));
    plan_.add(at + ".script", generated(consultable(script)));
    if (choice.name != "start") return;
    plan_.add(directory_ + "/" + release_.name + ".rel",
              generated(consultable(otp::release_resource_term(release))));
    add_releases_file(release);
  }

  // For release_handler; mix has none. Without ERTS, OTP's applications are not the release's.
  void add_releases_file(const otp::ReleaseResource& release) {
    if (!release_.erts_source) return;
    otp::InstalledRelease installed{
        release.name, release.version, release.erts_version, {}, "permanent"};
    for (const otp::ReleaseApplication& application : release.applications) {
      const std::string name = application.name.text();
      installed.libraries.push_back(
          {application.name, application.version, "./lib/" + name + "-" + application.version});
    }
    plan_.add("releases/RELEASES", generated(otp::releases_text({installed})));
  }

  Plan& plan_;
  const Answer& release_;
  const std::vector<otp::ApplicationResource>& resources_;
  const std::string& mix_exs_;
  const otp::Installation otp_;
  const otp::BootTemplate template_;
  const std::string directory_;
  std::string consolidated_;
  otp::BootScriptOptions options_;
};

}  // namespace

void plan_boot_files(Plan& plan, const Answer& release,
                     const std::vector<otp::ApplicationResource>& resources,
                     const std::string& mix_exs) {
  BootFiles(plan, release, resources, mix_exs).add_all();
}

Term mix_boot_script(const Term& script, const std::string& first_directory, bool providers) {
  Terms instructions;
  bool called = !providers;
  for (const Term& instruction : script[2].elements()) {
    const bool prepends = !first_directory.empty() && instruction.is_tagged("path", 2) &&
                          goes_through_release_lib(instruction[1]);
    if (prepends) {
      Terms path = {Term::string(first_directory)};
      path.insert(path.end(), instruction[1].elements().begin(), instruction[1].elements().end());
      instructions.push_back(Term::tuple({instruction[0], Term::list(std::move(path))}));
    } else {
      instructions.push_back(instruction);
    }
    if (called || !starts_stdlib(instruction)) continue;
    called = true;
    instructions.push_back(Term::tuple(
        {Term::atom("apply"),
         Term::tuple({Term::atom("Elixir.Config.Provider"), Term::atom("boot"), Term()})}));
  }
  return Term::tuple({script[0], script[1], Term::list(std::move(instructions))});
}

}  // namespace relmk::mix
