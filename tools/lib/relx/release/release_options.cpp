#include "relx/release/release_options.h"

#include <functional>
#include <sstream>
#include <string>

namespace relmk::relx {
namespace {

Term pair(const char* key, Term value) {
  return Term::tuple({Term::atom(key), std::move(value)});
}

// true, false, or a path: as relx's configuration has them.
Term boolean_or_path(const std::string& text) {
  return text == "true" || text == "false" ? Term::atom(text) : Term::string(text);
}

void add_profiles(ConfigRequest& request, const std::string& names) {
  std::istringstream all(names);
  for (std::string name; std::getline(all, name, ',');) {
    if (!name.empty()) request.profiles.push_back(name);
  }
}

}  // namespace

void add_config_options(CLI::App& app, ConfigRequest& request) {
  request.file = "relx.config";
  app.add_option(
         "-c,--config", request.file,
         "relx.config, rebar.config or release.toml; FILE.script beside it is evaluated; or "
         "mix.exs")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--config-script", request.script,
                 "Evaluate this over the configuration, in place of FILE.script")
      ->type_name("FILE");
  app.add_option_function<std::string>(
         "--profile", [&request](const std::string& names) { add_profiles(request, names); },
         "rebar3's profiles, with commas between")
      ->type_name("P[,P]");
  app.add_option("--elixir-wait", request.elixir_wait,
                 "How long a project's Elixir may take to read its mix.exs")
      ->type_name("SECONDS")
      ->check(CLI::Range(1U, 1'000'000'000U))
      ->capture_default_str();
  app.add_flag("--verbose", request.verbose, "Say when a config script is handed to erl");
}

void add_release_options(CLI::App& app, ReleaseRequest& request) {
  const auto term_option = [&](const std::string& names, const char* key, const std::string& help,
                               const char* type, Term (*value)(const std::string&)) {
    return app
        .add_option_function<std::string>(
            names,
            [&request, key, value](const std::string& text) {
              request.terms.push_back(pair(key, value(text)));
            },
            help)
        ->type_name(type);
  };
  const auto string = [](const std::string& text) { return Term::string(text); };
  request.tools_dir = own_tools_dir();
  add_config_options(app, request.config);
  app.add_option("-n,--relname", request.name, "Which release, where the configuration has several")
      ->type_name("REL");
  app.add_option("-v,--relvsn", request.version, "Which version of it; the highest unless given")
      ->type_name("VSN");
  term_option("-o,--output-dir", "output_dir", "Where the release is made, in DIR/REL", "DIR",
              string);
  app.add_option("-l,--lib-dir", request.lib_dirs, "Look for applications in DIR/*/ebin first")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_option_function<std::string>(
         "--mode", [&request](const std::string& mode) { request.mode = Term::atom(mode); },
         "dev links, prod strips and includes ERTS, minimal strips")
      ->type_name("dev|prod|minimal")
      ->check(CLI::IsMember({"dev", "prod", "minimal"}));
  app.add_option("--hook", request.hook,
                 "Run this by sh when the release is assembled, before it is packed")
      ->type_name("COMMAND");
  app.add_option_function<std::vector<std::string>>(
         "--node-type",
         [&request](const std::vector<std::string>& names) {
           for (const std::string& name : names)
             request.node_types.emplace_back(name);
         },
         "Make a boot file for this application too; may be repeated")
      ->type_name("APP")
      ->allow_extra_args(false);
  term_option("--include-erts", "include_erts", "true, false, or the directory of another OTP",
              "BOOL|DIR", boolean_or_path);
  term_option("--system-libs", "system_libs", "true, false, or a directory of system applications",
              "BOOL|DIR", boolean_or_path);
  term_option("--vm-args", "vm_args", "Take this vm.args", "FILE", string);
  term_option("--sys-config", "sys_config", "Take this sys.config", "FILE", string);
  term_option("--overlay-vars", "overlay_vars", "Read overlay variables from this file too", "FILE",
              string);
  term_option("--root", "root_dir", "Where overlays' sources are relative to", "DIR", string);
  app.add_option("--write-config", request.config_copies,
                 "Write what the configuration and its script come to into FILE, unless that is "
                 "hand-written; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--lock-wait", request.lock_wait,
                 "How long to wait for another assembly in the same directory")
      ->type_name("SECONDS")
      ->capture_default_str();
}

}  // namespace relmk::relx
