#include "relx/config/configured_releases.h"

#include <utility>

namespace relmk::relx {
namespace {

// A version holds no slash behind which another name could begin: it names a directory.
std::string key_of(Atom name, const std::string& version) {
  return version + "/" + name.text();
}

}  // namespace

void ConfiguredReleases::add(ConfiguredRelease release) {
  const auto [place, is_new] =
      places_.try_emplace(key_of(release.name, release.version), all_.size());
  if (is_new)
    all_.push_back(std::move(release));
  else
    all_[place->second] = std::move(release);
}

const ConfiguredRelease* ConfiguredReleases::find(Atom name, const std::string& version) const {
  const auto place = places_.find(key_of(name, version));
  return place == places_.end() ? nullptr : &all_[place->second];
}

}  // namespace relmk::relx
