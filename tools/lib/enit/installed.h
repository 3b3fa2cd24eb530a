// The applications that are installed on this host, found by their .app files: Debian has
// p1_tls-1.1.16/ebin/fast_tls.app.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "otp/application/application_resource.h"
#include "otp/application/installation.h"

namespace relmk::enit {

class InstalledApplications {
 public:
  // Looks in DIR/*/ebin: of `lib_dirs`, then of `erl_libs` (as $ERL_LIBS, separated by colons),
  // then of the installation's lib directory. Throws Error for one of `lib_dirs` that cannot be
  // listed.
  InstalledApplications(const std::vector<fs::path>& lib_dirs, const std::string& erl_libs,
                        const otp::Installation& otp);

  // The application's .app: of the first directory that has one, and there in the highest version.
  // nullopt where there is none. Throws Error for a file that is none.
  std::optional<otp::ApplicationResource> find(const Atom& name) const;

  const std::vector<std::string>& directories() const { return directories_; }

 private:
  void add(const fs::path& library, bool must_exist);
  std::vector<std::string> directories_;
  // By file name, NAME.app: the files, with the number of the directory that they are in.
  std::map<std::string, std::vector<std::pair<size_t, std::string>>> files_;
};

// Versions compared number by number, as 1.10 is higher than 1.9.
bool is_lower_version(const std::string& a, const std::string& b);

}  // namespace relmk::enit
