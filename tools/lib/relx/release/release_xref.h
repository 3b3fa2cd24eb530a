// What xref-release checks in an assembled release.
#pragma once

#include <vector>

#include "beam/xref.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::relx {

struct ReleaseXrefOptions {
  // Whose calls are checked; empty: those of the applications that are not OTP's own.
  std::vector<Atom> applications;
  bool all = false;              // or of all applications
  sys::Environment environment;  // which Erlang/OTP is in use
};

// The scope of the release in `root` that releases/start_erl.data names: the applications of its
// .rel, from lib/ or (where the release has none) from the installation in use, and the modules
// that its boot file says are preloaded. Throws Error for what is no release, and for an
// application of `options` that it does not hold.
beam::XrefScope release_xref_scope(const fs::path& root, const ReleaseXrefOptions& options = {});

}  // namespace relmk::relx
