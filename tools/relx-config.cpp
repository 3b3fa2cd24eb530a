// relx-config: resolves a release configuration to plain terms.

#include <fmt/core.h>

#include <optional>
#include <set>

#include "mix/command.h"
#include "otp/application/application_source.h"
#include "relx/config/config.h"
#include "relx/config/config_source.h"
#include "relx/config/version.h"
#include "relx/release/release_options.h"
#include "sys/error.h"
#include "sys/output.h"
#include "sys/tool.h"

using namespace relmk;

namespace {

// The releases that terms configure, and which one is meant where none is named.
relx::RelxConfig releases_of(const Terms& terms, const std::string& file) {
  relx::RelxConfig config = relx::default_relx_config(file);
  Terms chosen;
  for (const Term& term : terms)
    if (term.is_tagged("release") || term.is_tagged("default_release") ||
        term.is_tagged("extended_start_script"))
      chosen.push_back(term);
  relx::apply_relx_terms(config, chosen);
  if (config.releases.empty()) throw Error(file, "no release is configured");
  return config;
}

void print_names(const relx::RelxConfig& config) {
  std::set<std::string> printed;
  for (const relx::ConfiguredRelease& release : config.releases)
    if (printed.insert(release.name.text()).second) fmt::print("{}\n", release.name.text());
}

// The release that is meant: its name, its version, and whether its start script has commands.
void describe(const relx::RelxConfig& config, const std::optional<std::string>& name) {
  const relx::ConfiguredRelease& meant = relx::choose_release(config, name, std::nullopt);
  const relx::RelxConfig own = relx::config_of_release(config, meant);
  // Of a Mix release it may be that of an application which is not compiled.
  fmt::print("{} {} {}\n", meant.name.text(), meant.version.empty() ? "-" : meant.version,
             own.extended_start_script ? "commands" : "plain");
}

// Writes the text to `output`, or prints it. A file that has it already is left as it is.
void put(const std::string& text, const std::optional<std::string>& output) {
  if (!output)
    fmt::print("{}", text);
  else if (!sys::is_regular_output(*output) || sys::read_file(*output) != text)
    sys::write_output(*output, text);
}

// The configuration's terms, unless a hand-written file is in the way.
void put_config(const std::string& text, const std::optional<std::string>& output) {
  if (output && sys::is_regular_output(*output) && !relx::is_generated_config(*output)) {
    throw Error(*output, "this file was not made by relx-config, and is left as it is")
        .with_hint("-o another file");
  }
  put(text, output);
}

struct Options {
  relx::ConfigRequest config;
  std::optional<std::string> output;
  bool names = false, described = false;
  std::optional<std::string> name;         // of the release that is described
  std::optional<std::string> application;  // a NAME.app.src
  std::vector<std::string> modules;        // the application's
  std::vector<fs::path> removed;
};

void add_options(sys::CommandLine& line, Options& options) {
  relx::add_config_options(line, options.config);
  line.option("-o,--output", options.output,
              "Write there, unless a hand-written file is in the way", {.value = "OUT"});
  line.flag("--release-names", options.names, "Print the names of the releases alone");
  line.flag("--describe", options.described,
            "Print of the release that is meant: name, version, `commands` or `plain`",
            {.excludes = "--release-names"});
  line.option("-n,--relname", options.name,
              "The release that is meant, if not the default or the only one",
              {.value = "REL", .needs = "--describe"});
  line.option("--application", options.application,
              "Print of NAME.app.src the NAME.app instead: with its modules, where it names none",
              {.value = "SRC"});
  line.option("--module", options.modules, "A module of the application",
              {.value = "M", .needs = "--application"});
  line.option("--remove-generated", options.removed,
              "Remove this configuration instead, if relx-config has written it",
              {.value = "FILE", .excludes = "--application"});
}

void resolve(const Options& options) {
  const relx::ConfigRequest& request = options.config;
  const bool asked = options.names || options.described;
  const bool is_mix = mix::is_mix_project(request.file);
  const relx::ConfigSource source =
      is_mix ? relx::ConfigSource{} : relx::read_config_source(request);
  const std::string file = is_mix ? request.file.string() : source.file;
  const Terms terms =
      is_mix ? (asked ? mix::release_terms(request) : mix::relx_terms(request))
             : relx::resolve_release_versions(source.terms, fs::current_path(), source.file,
                                              relx::script_limits(request.environment));
  if (options.names)
    print_names(releases_of(terms, file));
  else if (options.described)
    describe(releases_of(terms, file), options.name);
  else
    put_config(relx::generated_config_text(terms, file), options.output);
}

}  // namespace

int main(int argc, char** argv) {
  sys::CommandLine line(
      "relx-config",
      "Resolves a release configuration to plain terms: scripts, profiles, versions.");
  Options options;
  options.config.environment = sys::process_environment();
  add_options(line, options);
  return sys::run_tool(line, argc, argv, [&] {
    if (options.application) {
      put(otp::application_of_source(*options.application, options.modules), options.output);
    } else if (!options.removed.empty()) {
      for (const fs::path& file : options.removed)
        if (relx::is_generated_config(file)) fs::remove(file);
    } else {
      resolve(options);
    }
    return 0;
  });
}
