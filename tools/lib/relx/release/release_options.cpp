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

void add_config_options(sys::CommandLine& line, ConfigRequest& request) {
  request.file = "relx.config";
  line.option("-c,--config", request.file,
              "relx.config, rebar.config or release.toml; FILE.script beside it is evaluated; or "
              "mix.exs",
              {.value = "FILE", .shows_default = true});
  line.option("--config-script",
              [&request](const std::string& file) { request.script = fs::path(file); },
              "Evaluate this over the configuration, in place of FILE.script; empty: nothing",
              {.value = "FILE"});
  line.option("--profile", [&request](const std::string& names) { add_profiles(request, names); },
              "rebar3's profiles, with commas between", {.value = "P[,P]"});
  line.option("--elixir-wait", request.elixir_wait,
              "How long a project's Elixir may take to read its mix.exs",
              {.value = "SECONDS", .shows_default = true, .range = {{1, 1e9}}});
  line.flag("--verbose", request.verbose, "Say when a config script is handed to erl");
}

void add_release_options(sys::CommandLine& line, ReleaseRequest& request) {
  const auto term_option = [&](const char* names, const char* key, const char* meaning,
                               const char* type, Term (*value)(const std::string&)) {
    line.option(names,
                [&request, key, value](const std::string& text) {
                  request.terms.push_back(pair(key, value(text)));
                },
                meaning, {.value = type});
  };
  const auto string = [](const std::string& text) { return Term::string(text); };
  request.tools_dir = own_tools_dir();
  add_config_options(line, request.config);
  line.option("-n,--relname", request.name, "Which release, where the configuration has several",
              {.value = "REL"});
  line.option("-v,--relvsn", request.version, "Which version of it; the highest unless given",
              {.value = "VSN"});
  term_option("-o,--output-dir", "output_dir", "Where the release is made, in DIR/REL", "DIR",
              string);
  line.option("-l,--lib-dir", request.lib_dirs, "Look for applications in DIR/*/ebin first",
              {.value = "DIR", .one_each = true});
  line.option("--mode", [&request](const std::string& mode) { request.mode = Term::atom(mode); },
              "dev links, prod strips and includes ERTS, minimal strips",
              {.value = "dev|prod|minimal", .choices = {"dev", "prod", "minimal"}});
  line.option("--hook", request.hook,
              "Run this by sh when the release is assembled, before it is packed",
              {.value = "COMMAND"});
  line.options("--node-type",
               [&request](const std::vector<std::string>& names) {
                 for (const std::string& name : names)
                   request.node_types.emplace_back(name);
               },
               "Make a boot file for this application too; may be repeated",
               {.value = "APP", .one_each = true});
  term_option("--include-erts", "include_erts", "true, false, or the directory of another OTP",
              "BOOL|DIR", boolean_or_path);
  term_option("--system-libs", "system_libs", "true, false, or a directory of system applications",
              "BOOL|DIR", boolean_or_path);
  term_option("--vm-args", "vm_args", "Take this vm.args", "FILE", string);
  term_option("--sys-config", "sys_config", "Take this sys.config", "FILE", string);
  term_option("--overlay-vars", "overlay_vars", "Read overlay variables from this file too", "FILE",
              string);
  term_option("--root", "root_dir", "Where overlays' sources are relative to", "DIR", string);
  line.option("--write-config", request.config_copies,
              "Write what the configuration and its script come to into FILE, unless that is "
              "hand-written; may be repeated",
              {.value = "FILE", .one_each = true});
  line.option("--lock-wait", request.lock_wait,
              "How long to wait for another assembly in the same directory",
              {.value = "SECONDS", .shows_default = true});
}

}  // namespace relmk::relx
