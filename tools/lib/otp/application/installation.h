// An Erlang/OTP installation on disk, found without starting a VM. One cut down to what a release
// holds (lib/, erts-VSN/, releases/) will do too.
#pragma once

#include <string>
#include <vector>

#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::otp {

struct Installation {
  fs::path root;             // code:root_dir()
  fs::path lib;              // code:lib_dir()
  std::string erts_version;  // erlang:system_info(version), as "13.1.5"
  std::string otp_release;   // erlang:system_info(otp_release), as "25"; empty when nothing tells

  fs::path erts() const { return root / ("erts-" + erts_version); }
  fs::path erts_bin() const { return erts() / "bin"; }
};

// The installation at `root`; throws Error when that holds no ERTS.
Installation installation_at(const fs::path& root);

// The installation in use: $RELMK_OTP_ROOT, else that of the `erl` in PATH (links are followed; a
// script that lies elsewhere names its ROOTDIR). Throws Error when there is none.
Installation find_installation(const sys::Environment& environment);

// The boot file that OTP itself was built with, releases/OTP/start_clean.boot or, in a cut-down
// one, what stands for it: where preloaded and mandatory modules, kernel processes and the encoding
// of atoms are read from. Throws Error when there is none.
fs::path start_clean_boot_file(const Installation& otp);

}  // namespace relmk::otp
