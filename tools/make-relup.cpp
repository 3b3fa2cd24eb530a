// Makes the upgrade file of a release, relup, as systools:make_relup/4 does.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "otp/application/code_path.h"
#include "otp/application/installation.h"
#include "otp/release/release_applications.h"
#include "otp/release/release_resource.h"
#include "otp/upgrade/relup.h"
#include "relx/release/release_relup.h"
#include "sys/error.h"
#include "sys/output.h"
#include "sys/tool.h"

using namespace relmk;
using otp::CodePath;
using otp::ReleaseApplications;
using otp::UpgradeDirection;

namespace {

struct Options {
  std::string release;
  std::vector<std::string> from;
  std::vector<std::string> to;
  std::vector<std::string> code_path;
  std::string directory;
  bool restart_emulator = false;
  bool warnings_as_errors = false;
  // Of an assembled release.
  std::string name;
  std::string version;
  std::vector<std::string> up_from;
  std::string appups;
  bool hand_written_only = false;
};

// NAME stands for NAME.rel, as for systools.
std::string release_file(const std::string& given) {
  return fs::path(given).extension() == ".rel" ? given : given + ".rel";
}

// Each release is read once, however often it is named.
class Releases {
 public:
  explicit Releases(const std::vector<std::string>& code_path) {
    const sys::Environment environment = sys::process_environment();
    const otp::Installation installation = otp::find_installation(environment);
    for (const std::string& ebin : code_path)
      path_.add(ebin);
    path_.add_installation(installation, environment);
    repetitions_ = otp::repetitions(installation);
  }

  const ReleaseApplications& operator[](const std::string& file) {
    const auto found = read_.find(file);
    if (found != read_.end()) return found->second;
    ReleaseApplications release =
        otp::load_release_applications(otp::read_release_resource(file), file, path_, repetitions_);
    otp::check_upgradable(release);
    return read_.emplace(file, std::move(release)).first->second;
  }

  bool have_warnings() const {
    return std::any_of(read_.begin(), read_.end(),
                       [](const auto& release) { return release.second.warnings > 0; });
  }

 private:
  CodePath path_;
  otp::Repetitions repetitions_ = otp::Repetitions::Warned;
  std::map<std::string, ReleaseApplications> read_;
};

int make_relup(const Options& options) {
  Releases releases(options.code_path);
  const ReleaseApplications& top = releases[release_file(options.release)];
  std::vector<otp::UpgradeWarning> warnings;
  const otp::AppupScripts scripts = otp::appups_in_ebin(warnings);
  const auto entries = [&](UpgradeDirection direction, const std::vector<std::string>& files) {
    Terms entries;
    for (const std::string& file : files) {
      const otp::RelupRequest request{direction, &top, &releases[release_file(file)],
                                      options.restart_emulator};
      entries.push_back(otp::relup_entry(request, scripts, warnings));
    }
    return entries;
  };
  const Terms up = entries(UpgradeDirection::Up, options.from);
  const Terms down =
      entries(UpgradeDirection::Down, options.to.empty() ? options.from : options.to);
  for (const otp::UpgradeWarning& warning : warnings)
    sys::warn(warning.file, warning.at, warning.message);
  if (options.warnings_as_errors && (!warnings.empty() || releases.have_warnings()))
    throw Error("Warnings being treated as errors");
  sys::write_output(fs::path(options.directory.empty() ? "." : options.directory) / "relup",
                    otp::relup_text(otp::relup_term(top.release.version, up, down)));
  return 0;
}

// For an assembled release, `_rel/NAME`.
int make_release_relup(const Options& options) {
  const fs::path root =
      fs::path(options.directory.empty() ? "_rel" : options.directory) / options.name;
  relx::ReleaseRelupRequest request;
  request.root = root;
  request.name = options.name;
  request.version = options.version;
  request.up_from = options.up_from;
  request.appups = {options.appups, !options.hand_written_only};
  request.restart_emulator = options.restart_emulator;
  request.environment = sys::process_environment();
  const relx::ReleaseRelup relup = relx::make_release_relup(request);
  for (const std::string& warning : relup.warnings)
    sys::say(warning);
  fmt::print("{}", relx::upgrade_table(options.name, relup));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  sys::CommandLine line(
      "make-relup",
      "Writes relup, the upgrade file of a release, from the releases that it is to be upgraded "
      "from and the appup files of its applications: what systools:make_relup/4 does. Applications "
      "are looked for in the -I directories, then where `erl` looks.");
  Options options;
  line.option("REL", options.release, "Release resource file of the new release, NAME.rel",
              {.value = "NAME.rel"});
  line.option("--from", options.from, "A release to upgrade from; may be repeated",
              {.value = "OLD.rel"});
  line.option("--to", options.to,
              "A release to downgrade to; may be repeated; else those of --from",
              {.value = "OLD.rel"});
  line.option("-I,--include", options.code_path,
              "Look for applications in this ebin directory, or in all that a pattern as "
              "'lib/*/ebin' matches",
              {.value = "EBIN", .one_each = true});
  line.option("-o,--outdir", options.directory,
              "Write there, not into the current directory; with -n, where releases are assembled, "
              "_rel unless said",
              {.value = "DIR"});
  line.option("-n,--relname", options.name,
              "Make the relup of the assembled release DIR/NAME, and what appups it lacks",
              {.value = "NAME"});
  line.option("-v,--relvsn", options.version, "Its new version; the one assembled last",
              {.value = "VSN"});
  line.option("-u,--upfrom", options.up_from,
              "A version to upgrade from that stands beside it, or its tarball; may be repeated, "
              "or be a list with commas; the version before, unless said",
              {.value = "VSN|FILE", .separator = ','});
  line.option("--appups", options.appups, "DIR/APP/OLD-NEW.appup goes before all other appups",
              {.value = "DIR"});
  line.flag("--hand-written-only", options.hand_written_only, "Make no appups");
  line.flag("--restart-emulator", options.restart_emulator,
            "Start the emulator again at the end of each upgrade and downgrade");
  line.flag("--warnings-as-errors", options.warnings_as_errors, "Write nothing after a warning");
  line.when_parsed([&] {
    if (options.release.empty() == options.name.empty())
      throw sys::WrongUsage("expected NAME.rel, or -n NAME");
  });
  return sys::run_tool(line, argc, argv, [&] {
    return options.name.empty() ? make_relup(options) : make_release_relup(options);
  });
}
