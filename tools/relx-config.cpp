// relx-config: resolves a release configuration to plain terms.

#include <fmt/core.h>

#include <optional>

#include "relx/config/config_source.h"
#include "relx/config/version.h"
#include "relx/release/release_options.h"
#include "sys/error.h"
#include "sys/tool.h"

using namespace relmk;

int main(int argc, char** argv) {
  CLI::App app("Resolves a release configuration to plain terms: scripts, profiles, versions.",
               "relx-config");
  relx::ConfigRequest request;
  relx::add_config_options(app, request);
  std::optional<std::string> output;
  app.add_option("-o,--output", output, "Write there, unless a hand-written file is in the way")
      ->type_name("OUT");

  return sys::run_tool(app, argc, argv, [&] {
    const relx::ConfigSource source = relx::read_config_source(request);
    const Terms terms =
        relx::resolve_release_versions(source.terms, fs::current_path(), source.file);
    const std::string text = relx::generated_config_text(terms, source.file);
    if (!output) {
      fmt::print("{}", text);
      return 0;
    }
    if (fs::exists(*output) && !relx::is_generated_config(*output)) {
      throw Error(*output, "this file was not made by relx-config, and is left as it is")
          .with_hint("-o another file");
    }
    sys::write_file_if_different(*output, text);
    return 0;
  });
}
