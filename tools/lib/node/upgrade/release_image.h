// The files of one version of a release, as they lie unpacked in its root or packed in its tarball.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/upgrade/tarball.h"
#include "otp/release/release_resource.h"
#include "sys/files.h"

namespace relmk::node {

class ReleaseImage {
 public:
  // The tarball of a version; nullopt where there is none in the places that relx knows:
  // releases/NAME-VSN.tar.gz, releases/VSN/NAME-VSN.tar.gz, releases/VSN/NAME.tar.gz.
  static std::optional<fs::path> find_package(const fs::path& root, const std::string& name,
                                              const std::string& version);

  // Of what is unpacked, where NAME.rel and all applications of the release are there that are not
  // the system's; nullopt where they are not. `system_libraries` is the system's directory of
  // applications.
  static std::optional<ReleaseImage> unpacked(const fs::path& root, const std::string& name,
                                              const std::string& version,
                                              const fs::path& system_libraries);
  // Throws Error for a tarball that is not to be unpacked: see Tarball, check_digest, and one that
  // holds another release or version.
  static ReleaseImage packed(const fs::path& root, const std::string& name,
                             const std::string& version, const fs::path& package);

  const std::string& name() const { return resource_.name; }
  const std::string& version() const { return resource_.version; }
  const otp::ReleaseResource& resource() const { return resource_; }
  const fs::path& root() const { return root_; }
  // nullptr of what is unpacked.
  const Tarball* tarball() const { return tarball_.get(); }
  const fs::path& package() const { return package_; }

  // A file by its path in the release; nullopt where it is not there.
  std::optional<std::string> read(const std::string& path) const;
  bool holds(const std::string& path) const;                // a directory, too
  std::string version_path(const std::string& file) const;  // releases/VSN/FILE
  // The same for messages.
  std::string shown(const std::string& path) const;

 private:
  ReleaseImage() = default;
  fs::path root_;
  fs::path package_;
  std::shared_ptr<const Tarball> tarball_;
  otp::ReleaseResource resource_;
};

// `lib/APP-VSN` of an application.
std::string library_path(const otp::ReleaseApplication& application);

}  // namespace relmk::node
