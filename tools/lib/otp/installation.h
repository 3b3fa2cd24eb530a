// An Erlang/OTP installation on disk, found without starting a VM.
#pragma once

#include <string>
#include <vector>

#include "sys/file.h"

namespace relmk {

struct Installation {
  fs::path root;             // code:root_dir()
  fs::path lib;              // code:lib_dir()
  std::string erts_version;  // erlang:system_info(version), as "13.1.5"
  std::string otp_release;   // erlang:system_info(otp_release), as "25"

  fs::path erts_bin() const { return root / ("erts-" + erts_version) / "bin"; }
};

// The installation at `root`; throws Error when that holds no ERTS.
Installation installation_at(const fs::path& root);

// The installation in use: $RELMK_OTP_ROOT, else that of the `erl` in PATH (whose script names its
// ROOTDIR; links are followed). Throws Error when there is none.
Installation find_installation();

}  // namespace relmk
