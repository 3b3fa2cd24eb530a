#include "enit/check.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "enit/account.h"
#include "enit/listen_ports.h"

namespace relmk::enit {
namespace {

// Adds what `step` throws.
template <typename Step>
void attempt(Faults& faults, Step step) {
  try {
    step();
  } catch (const Error& error) {
    faults.add(error);
  }
}

bool has_cookie(const Release& release) {
  const auto node = release.configuration.sections.find("node");
  return node != release.configuration.sections.end() && node->second.contains("cookie");
}

// A start passes over a key that it does not know: it may be for another version.
void tell_unknown_keys(const Release& release, Faults& faults) {
  const auto node = release.configuration.sections.find("node");
  if (node == release.configuration.sections.end()) return;
  for (const auto& [key, setting] : node->second) {
    const std::vector<std::string_view>& keys = node_keys();
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      faults.add(Error(setting.file, setting.at, fmt::format("node: there is no key `{}`", key))
                     .with_hint(fmt::format("keys are: {}", fmt::join(keys, ", "))));
    }
  }
}

}  // namespace

Faults check(const ReleasePlace& place, const Environment& environment) {
  Faults faults;
  const Release release = read_release(place, environment, faults);
  tell_unknown_keys(release, faults);
  // One that is there, but can be none, was told.
  if (!has_cookie(release)) attempt(faults, [&] { release.target(environment); });
  attempt(faults, [&] { account_of(release.node); });
  attempt(faults, [&] { listen_ports(release.configuration); });
  attempt(faults, [&] {
    resolve(release, sys::variable(environment, "ERL_LIBS"), otp::find_installation(environment),
            faults);
  });
  return faults;
}

}  // namespace relmk::enit
