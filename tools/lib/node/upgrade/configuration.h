// The configuration of a version that is to be installed: rendered as its start script would, with
// the environment of the command, and checked.
#pragma once

#include <optional>
#include <string>

#include "node/session/rpc.h"
#include "node/upgrade/release_image.h"
#include "start/start_environment.h"

namespace relmk::node {

struct RenderedConfiguration {
  // What the node would boot with. release_handler reads it from releases/VSN/sys.config; absent
  // where the version has none.
  std::optional<std::string> sys_config;
  Terms applications;     // its terms: {Application, [{Key, Value}]}, those of included files too
  fs::path vm_args;       // below the release's root; empty: none
  std::string node_type;  // see StartEnvironment
};

// Whether it is of a Mix project: its own start script says what the node is called, and its
// vm.args doesn't.
bool is_mix_release(const start::ReleasePlace& release);

// False for a release without vm.args, which OTP's own bin/start starts, and for one of a Mix
// project: both boot releases/VSN/start with releases/VSN/sys.config.
bool is_started_by_script(const start::ReleasePlace& release,
                          const start::Environment& environment);

// Throws Error where it does not render or does not parse, in any of its files. What the providers
// of a Mix release add is not there yet: see provided_configuration().
RenderedConfiguration render_configuration(const ReleaseImage& image,
                                           const start::Environment& environment);

// The same with what the configuration's own providers make of it (Elixir's Config.Provider:
// runtime.exs and others), run on the node as they are at its start. The version must be unpacked.
// nullopt where there is nothing to run. Throws Error where a provider fails.
std::optional<std::string> provided_configuration(Rpc& rpc, const RenderedConfiguration& rendered,
                                                  const Deadline& deadline);

// Puts the rendered text where release_handler reads it, for as long as it is needed there, and
// then what was there before. The text may hold a password: only the user can read it, unless the
// file that was there has these very bytes.
class PlacedConfiguration {
 public:
  // Throws Error.
  PlacedConfiguration(const fs::path& sys_config, const std::optional<std::string>& text);
  PlacedConfiguration(const PlacedConfiguration&) = delete;
  PlacedConfiguration& operator=(const PlacedConfiguration&) = delete;
  ~PlacedConfiguration();

  // Puts back what a killed process left behind in the directory of a version.
  static void put_back(const fs::path& sys_config);

 private:
  fs::path path_;
  bool placed_ = false;
};

}  // namespace relmk::node
