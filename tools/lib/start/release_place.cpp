#include "start/release_place.h"
#include "sys/order.h"

#include <algorithm>
#include <array>
#include <system_error>

namespace relmk::start {

std::optional<ReleasePlace> release_of_environment(const sys::Environment& environment) {
  ReleasePlace release{sys::variable(environment, "RELEASE_ROOT_DIR"),
                       sys::variable(environment, "RELEASE_NAME"),
                       sys::variable(environment, "RELEASE_VSN")};
  if (release.root.empty() || release.name.empty() || release.version.empty()) return std::nullopt;
  return release;
}

std::vector<std::string> node_types(const ReleasePlace& release) {
  const std::array<std::string, 5> others = {release.name, "start", "start_clean", "start_sasl",
                                             "no_dot_erlang"};
  std::vector<std::string> types;
  std::error_code error;
  for (fs::directory_iterator entry(release.version_directory(), error), end;
       !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() != ".boot") continue;
    const std::string type = entry->path().stem().string();
    if (std::find(others.begin(), others.end(), type) == others.end()) types.push_back(type);
  }
  sys::put_in_order(types, std::less<>());
  return types;
}

}  // namespace relmk::start
