// relx-config: resolves a release configuration to plain terms.

#include <fmt/format.h>

#include <optional>

#include "relx/config_source.h"
#include "relx/release_options.h"
#include "relx/version.h"
#include "sys/error.h"
#include "sys/tool.h"

using namespace relmk;

int main(int argc, char** argv) {
  CLI::App app("Resolves a release configuration to plain terms: scripts, profiles, versions.",
               "relx-config");
  ConfigRequest request;
  add_config_options(app, request);
  std::optional<std::string> output;
  app.add_option("-o,--output", output, "Write there, unless a hand-written file is in the way")
      ->type_name("OUT");

  return run_tool(app, argc, argv, [&] {
    const ConfigSource source = read_config_source(request);
    const Terms terms = resolve_release_versions(source.terms, fs::current_path(), source.file);
    const std::string text = generated_config_text(terms, source.file);
    if (!output) {
      fmt::print("{}", text);
      return 0;
    }
    if (fs::exists(*output) && !is_generated_config(*output)) {
      throw Error(*output, "this file was not made by relx-config, and is left as it is")
          .with_hint("-o another file");
    }
    write_file_if_different(*output, text);
    return 0;
  });
}
