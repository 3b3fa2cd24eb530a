// relx-config: resolves a release configuration to plain terms.

#include <fmt/core.h>

#include <optional>

#include "mix/command.h"
#include "relx/config/config_source.h"
#include "relx/config/version.h"
#include "relx/release/release_options.h"
#include "sys/error.h"
#include "sys/tool.h"

using namespace relmk;

namespace {

std::string resolved_text(const relx::ConfigSource& source) {
  return relx::generated_config_text(
      relx::resolve_release_versions(source.terms, fs::current_path(), source.file), source.file);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Resolves a release configuration to plain terms: scripts, profiles, versions.",
               "relx-config");
  relx::ConfigRequest request;
  relx::add_config_options(app, request);
  std::optional<std::string> output;
  app.add_option("-o,--output", output, "Write there, unless a hand-written file is in the way")
      ->type_name("OUT");

  return sys::run_tool(app, argc, argv, [&] {
    const std::string text =
        mix::is_mix_project(request.file)
            ? relx::generated_config_text(mix::relx_terms(request.file), request.file.string())
            : resolved_text(relx::read_config_source(request));
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
