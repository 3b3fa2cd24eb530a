#include "enit/release.h"

namespace relmk::enit {

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
    return resolve(release.specification, release.named(), installed, otp, faults);
  } catch (const Error& error) {
    faults.add(error);
  }
  return {};
}

}  // namespace relmk::enit
