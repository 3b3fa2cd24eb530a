#include "relx/release/release_xref.h"

#include <algorithm>
#include <optional>

#include "otp/application/installation.h"
#include "otp/release/release_resource.h"
#include "otp/release/releases_file.h"
#include "sys/error.h"
#include "term/consult.h"
#include "term/external.h"

namespace relmk::relx {

namespace {

std::vector<fs::path> files_with(const fs::path& directory, const std::string& extension) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(directory, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    if (at->path().extension() == extension) files.push_back(at->path());
  }
  if (error) throw sys::system_error(directory.string(), "cannot list", error.value());
  std::sort(files.begin(), files.end());
  return files;
}

// Of the .rel files the one that names most applications: start_clean.rel and the like stand beside
// the release's own.
otp::ReleaseResource release_in(const fs::path& directory) {
  std::optional<otp::ReleaseResource> largest;
  for (const fs::path& file : files_with(directory, ".rel")) {
    otp::ReleaseResource release = otp::read_release_resource(file);
    if (!largest || release.applications.size() > largest->applications.size())
      largest = std::move(release);
  }
  if (!largest) throw Error(directory.string(), "no release resource file (.rel) here");
  return *largest;
}

std::vector<Atom> preloaded_modules(const fs::path& directory) {
  for (const fs::path& file : files_with(directory, ".boot")) {
    const Term script = term::decode_external(sys::read_file(file));
    if (!script.is_tagged("script", 3) || !script[2].is_list()) continue;
    for (const Term& instruction : script[2].elements()) {
      if (!instruction.is_tagged("preLoaded", 2) || !instruction[1].is_list()) continue;
      std::vector<Atom> modules;
      for (const Term& module : instruction[1].elements()) {
        if (module.is_atom()) modules.push_back(module.as_atom());
      }
      return modules;
    }
  }
  return {};
}

// Only OTP's own application resource files have runtime_dependencies.
bool is_of_otp(const fs::path& ebin, const Atom& name) {
  const fs::path file = ebin / (name.text() + ".app");
  const Terms terms = term::consult_file(file);
  return !terms.empty() && terms[0].is_tagged("application", 3) &&
         term::proplist_value(terms[0][2], "runtime_dependencies").has_value();
}

}  // namespace

beam::XrefScope release_xref_scope(const fs::path& root, const ReleaseXrefOptions& options) {
  const fs::path releases = root / "releases";
  const std::string version = otp::read_start_erl_data(releases / "start_erl.data").release_version;
  const otp::ReleaseResource release = release_in(releases / version);
  beam::XrefScope scope;
  scope.preloaded = preloaded_modules(releases / version);

  std::vector<Atom> missing = options.applications;
  std::optional<otp::Installation> otp;
  const auto ebin_of = [&](const std::string& application) {
    const fs::path own = root / "lib" / application / "ebin";
    if (fs::is_directory(own)) return own;
    if (!otp) otp = otp::find_installation(options.environment);
    return otp->lib / application / "ebin";
  };
  for (const otp::ReleaseApplication& application : release.applications) {
    const fs::path ebin = ebin_of(application.name.text() + "-" + application.version);
    scope.directories.push_back(ebin);
    const auto named = std::find(missing.begin(), missing.end(), application.name);
    const bool is_caller = named != missing.end() || options.all ||
                           (options.applications.empty() && !is_of_otp(ebin, application.name));
    if (named != missing.end()) missing.erase(named);
    if (!is_caller) continue;
    const std::vector<fs::path> beams = files_with(ebin, ".beam");
    scope.callers.insert(scope.callers.end(), beams.begin(), beams.end());
  }
  if (!missing.empty())
    throw Error(root.string(), "the release holds no application " + missing[0].text());
  const fs::path erts = root / "lib" / ("erts-" + release.erts_version) / "ebin";
  if (fs::is_directory(erts)) scope.directories.push_back(erts);
  return scope;
}

}  // namespace relmk::relx
