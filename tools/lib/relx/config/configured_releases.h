// The releases that a configuration has, found by name and version.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "otp/release/release_resource.h"
#include "term/term.h"

namespace relmk::relx {

// An application as a release names it; what is absent comes from its .app.
struct Goal {
  Atom name{""};
  std::optional<std::string> version;
  std::optional<otp::StartType> type;
  std::optional<std::vector<Atom>> included_applications;
  Position at;
};

struct ConfiguredRelease {
  Atom name{""};
  std::string version;
  std::optional<std::string> erts_version;  // {erts, Vsn}
  std::vector<Goal> goals;
  Terms config;  // its own terms, which go before the common ones
  Position at;
};

class ConfiguredReleases {
 public:
  // It takes the place of one of the same name and version, as in relx's map of them.
  void add(ConfiguredRelease release);
  // nullptr where there is none; else as long as none is added.
  const ConfiguredRelease* find(Atom name, const std::string& version) const;

  // In their order.
  const ConfiguredRelease& front() const { return all_.front(); }
  size_t size() const { return all_.size(); }
  bool empty() const { return all_.empty(); }
  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }

 private:
  std::vector<ConfiguredRelease> all_;
  std::unordered_map<std::string, size_t> places_;  // by name and version
};

}  // namespace relmk::relx
