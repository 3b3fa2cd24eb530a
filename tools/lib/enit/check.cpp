#include "enit/check.h"

#include "enit/account.h"

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

}  // namespace

Faults check(const ReleasePlace& place, const Environment& environment) {
  Faults faults;
  const Release release = read_release(place, environment, faults);
  // One that is there, but can be none, was told.
  if (!has_cookie(release)) attempt(faults, [&] { release.target(environment); });
  attempt(faults, [&] { account_of(release.node); });
  attempt(faults, [&] {
    resolve(release, sys::variable(environment, "ERL_LIBS"), otp::find_installation(environment),
            faults);
  });
  return faults;
}

}  // namespace relmk::enit
