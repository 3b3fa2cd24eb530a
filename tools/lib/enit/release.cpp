#include "enit/release.h"

#include <algorithm>

namespace relmk::enit {
namespace {

// The value of -proto_dist in vm_args, the last one; empty where there is none.
std::string distribution_protocol(const std::vector<std::string>& vm_args) {
  std::string protocol;
  for (size_t i = 0; i + 1 < vm_args.size(); ++i)
    if (vm_args[i] == "-proto_dist") protocol = vm_args[i + 1];
  return protocol;
}

// A protocol PROTO is the module PROTO_dist, which the VM must have when kernel starts.
void check_protocol(const Release& release, const otp::ReleaseApplications& applications,
                    Faults& faults) {
  const std::string protocol = distribution_protocol(release.node.vm_args);
  if (protocol.empty()) return;
  const Atom module(protocol + "_dist");
  const bool is_there = std::any_of(
      applications.resources.begin(), applications.resources.end(), [&](const auto& app) {
        return std::find(app.modules.begin(), app.modules.end(), module) != app.modules.end();
      });
  if (is_there) return;
  const Setting& setting = release.configuration.sections.at("node").at("vm_args");
  Error error(setting.file, setting.at,
              "node: vm_args: -proto_dist " + protocol + ": no application of the release has " +
                  module.text());
  faults.add(protocol.ends_with("_tls") ? std::move(error).with_hint("add ssl to its applications")
                                        : std::move(error));
}

}  // namespace

Release read_release(ReleasePlace place, const Environment& environment, Faults& faults) {
  Release release;
  release.place = std::move(place);
  release.specification = read_specification(release.place, faults);
  release.configuration = read_configuration(release.place.configs, faults);
  release.node = node_settings(release.name(), release.configuration, environment, faults);
  return release;
}

Release read_release(ReleasePlace place, const Environment& environment) {
  Faults faults;
  Release release = read_release(std::move(place), environment, faults);
  faults.raise();
  return release;
}

otp::ReleaseApplications resolve(const Release& release, const std::string& erl_libs,
                                 const otp::Installation& otp, Faults& faults) {
  try {
    const InstalledApplications installed(release.specification.lib_dirs, erl_libs, otp);
    const size_t faults_before = faults.all().size();
    otp::ReleaseApplications applications =
        resolve(release.specification, release.named(), installed, otp, faults);
    if (faults.all().size() == faults_before) check_protocol(release, applications, faults);
    return applications;
  } catch (const Error& error) {
    faults.add(error);
  }
  return {};
}

}  // namespace relmk::enit
