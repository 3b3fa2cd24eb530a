// A host with applications installed: kernel and stdlib, and those that a test lays.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "enit/applied.h"
#include "otp/application/installation.h"
#include "scratch.h"
#include "sys/files.h"

namespace relmk::enit {

struct InstalledHost {
  InstalledHost() : otp{scratch.path, scratch.path / "lib", "13.1.5", "25"} {
    lay("lib/kernel-8.5", "kernel", "8.5", {});
    lay("lib/stdlib-4.2", "stdlib", "4.2", {"kernel"});
  }

  // Writes DIRECTORY/ebin/NAME.app, and a file for each module. Properties begin with a comma.
  void lay(const std::string& directory, const std::string& name, const std::string& version,
           const std::vector<std::string>& needs, const std::vector<std::string>& modules = {},
           const std::string& properties = {}) const {
    const fs::path ebin = scratch.path / directory / "ebin";
    sys::make_directories(ebin);
    sys::write_file(
        ebin / (name + ".app"),
        fmt::format("{{application, {}, [{{description, \"\"}}, {{vsn, \"{}\"}}, {{modules, "
                    "[{}]}}, {{registered, []}}, {{applications, [{}]}}{}]}}.\n",
                    name, version, fmt::join(modules, ","), fmt::join(needs, ","), properties));
    for (const std::string& module : modules)
      sys::write_file(ebin / (module + ".beam"), version);
  }

  // An application that needs kernel and stdlib, as most do.
  void lay_plain(const std::string& name, const std::string& version,
                 std::vector<std::string> needs = {}, const std::string& properties = {}) const {
    needs.insert(needs.begin(), {"kernel", "stdlib"});
    lay("lib/" + name + "-" + version, name, version, needs, {name + "_module"}, properties);
  }

  // A release of these applications, in its own directory, as its files say; the text is that of a
  // .config file.
  Release release(const std::string& applications, const std::string& config) const {
    ReleasePlace place;
    place.name = "relex";
    place.directory = scratch.path / "relex";
    place.configs = {place.directory / "user.config"};
    sys::make_directories(place.directory);
    sys::write_file(place.specification(), "{release, relex, [{vsn, \"1.0\"}, {applications, [" +
                                               applications + "]}]}.\n");
    sys::write_file(place.configs[0],
                    "{node, [{cookie, c}, {nodename, 'relex@localhost'}]}.\n" + config);
    return read_release(place, {});
  }

  otp::ReleaseApplications applications(const Release& release) const {
    Faults faults;
    otp::ReleaseApplications all = resolve(release, "", otp, faults);
    faults.raise();
    return all;
  }

  // As a node has it that was started from these.
  static Applied applied(const Release& release, const otp::ReleaseApplications& applications) {
    Applied applied;
    applied.release = release.name();
    applied.configuration = application_configuration(release.configuration);
    for (const NamedApplications& named : release.named())
      applied.named.insert(applied.named.end(), named.names.begin(), named.names.end());
    applied.node =
        Term::list({Term::tuple({Term::atom("nodename"), Term::atom("relex@localhost")})});
    for (const otp::ApplicationResource& app : applications.resources)
      applied.applications.push_back({app.name, app.version, app.directory.string()});
    return applied;
  }

  Scratch scratch;
  otp::Installation otp;
};

}  // namespace relmk::enit
