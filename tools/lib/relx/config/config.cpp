#include "relx/config/config.h"

#include <fmt/core.h>
#include <strings.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "otp/application/print_line.h"
#include "relx/config/goals.h"
#include "relx/config/version.h"
#include "sys/error.h"
#include "sys/wildcard.h"

namespace relmk::relx {
namespace {

// One term on its way into the configuration.
struct Entry {
  const RelxConfig& config;
  const Term& term;   // {Key, Value} or the like
  const Term& value;  // its second element

  Error malformed(const std::string& expected) const {
    return Error(config.file, term.position(),
                 fmt::format("malformed {}: {}", otp::print_line(term[0]), otp::print_line(value)))
        .with_hint("expected " + expected);
  }
  bool boolean() const {
    if (!value.is_boolean()) throw malformed("true or false");
    return value.is_atom("true");
  }
  std::string text(const Term& of, const char* expected) const {
    if (of.is_binary()) return of.bytes();
    if (!of.is_string()) throw malformed(expected);
    return of.to_utf8();
  }
  std::vector<Atom> atoms(const Term& list, const char* expected) const {
    if (!list.is_proper_list()) throw malformed(expected);
    std::vector<Atom> out;
    for (const Term& element : list.elements()) {
      if (!element.is_atom()) throw malformed(expected);
      out.push_back(element.as_atom());
    }
    return out;
  }
  const Terms& list(const char* expected) const {
    if (!value.is_proper_list()) throw malformed(expected);
    return value.elements();
  }
  fs::path path() const { return fs::absolute(text(value, "a path")).lexically_normal(); }
  FileChoice file_choice() const {
    if (value.is_atom("false")) return {{}, true, term.position()};
    if (value.is_atom("undefined")) return {};
    return {fs::absolute(text(value, "a path, false or undefined")), false, term.position()};
  }
  Inclusion inclusion() const {
    if (value.is_boolean()) return value.is_atom("true");
    return path();
  }
};

void set_mode(RelxConfig& config, Mode mode) {
  config.mode = mode;
  config.include_src = mode == Mode::Dev;
  config.strip_debug_info = mode != Mode::Dev;
  config.include_erts = mode == Mode::Prod;
}

Mode mode_named(const Entry& entry) {
  if (entry.value.is_atom("dev")) return Mode::Dev;
  if (entry.value.is_atom("prod")) return Mode::Prod;
  if (entry.value.is_atom("minimal")) return Mode::Minimal;
  throw entry.malformed("dev, prod or minimal");
}

void add_release(RelxConfig& config, const Term& term) {
  config.releases.add(configured_release(term, config.releases, config.file));
}

void set_default_release(RelxConfig& config, const Entry& e) {
  const Term& form = e.term.elements().size() == 2 ? e.value : e.term;
  const Terms parts = form.is_tuple() ? form.elements() : Terms{form};
  const size_t first = e.term.elements().size() == 2 ? 0 : 1;
  const bool has_version = form.is_tuple();
  if (parts.size() != first + (has_version ? 2 : 1) || !parts[first].is_atom() ||
      (has_version && !parts[first + 1].is_string())) {
    throw e.malformed("NAME or {NAME, \"VERSION\"}");
  }
  std::optional<std::string> version;
  if (has_version) version = parts[first + 1].to_utf8();
  config.default_release = {parts[first].as_atom(), version};
}

void append_overlay_vars(RelxConfig& config, const Entry& e) {
  if (e.value.is_atom("undefined")) return;
  const Terms& all = e.list("a file name, or a list of file names and {Key, Value}");
  const bool is_file_name = !all.empty() && e.value.is_string();
  if (is_file_name) {
    config.overlay_vars.push_back(e.value);
  } else {
    config.overlay_vars.insert(config.overlay_vars.end(), all.begin(), all.end());
  }
}

constexpr const char* kDebugInfo =
    "keep, strip, or {keep, [Chunk]} with names of four characters, as \"Docs\"";

// The chunks that compilers write and stripping drops. One that only differs in case is none of a
// user's own.
Error no_such_chunk(const Entry& e, const std::string& id, const char* known) {
  return Error(e.config.file, e.term.position(), "no BEAM file has a chunk of this name: " + id)
      .with_hint(fmt::format("expected \"{}\"", known));
}

void check_chunk_id(const Entry& e, const std::string& id) {
  for (const char* known :
       {"Abst", "Attr", "CInf", "Dbgi", "Docs", "ExCk", "ExDc", "Line", "LocT", "Meta", "Type"}) {
    if (id != known && ::strcasecmp(id.c_str(), known) == 0) throw no_such_chunk(e, id, known);
  }
}

// Of {debug_info, {keep, [Chunk]}}: the names, one behind the other.
std::string chunk_ids(const Entry& e) {
  const Term& names = e.value[1];
  if (!names.is_proper_list() || names.elements().empty()) throw e.malformed(kDebugInfo);
  std::string ids;
  for (const Term& name : names.elements()) {
    const std::string id = name.is_atom() ? name.atom_text() : e.text(name, kDebugInfo);
    if (id.size() != 4) throw e.malformed(kDebugInfo);
    check_chunk_id(e, id);
    ids += id;
  }
  return ids;
}

void set_exclude_modules(RelxConfig& config, const Entry& e) {
  config.exclude_modules.clear();
  for (const Term& pair : e.list("[{App, [Module]}]")) {
    if (!pair.is_tuple(2) || !pair[0].is_atom()) throw e.malformed("[{App, [Module]}]");
    config.exclude_modules.emplace_back(pair[0].as_atom(), e.atoms(pair[1], "[{App, [Module]}]"));
  }
}

void set_overrides(RelxConfig& config, const Entry& e) {
  config.overrides.clear();
  for (const Term& pair : e.list("[{App, Directory}]")) {
    // rebar3's own, of how an application is compiled: relx has no use for it.
    if (pair.is_tagged("add", 3) || pair.is_tagged("del", 3) || pair.is_tagged("override", 3))
      continue;
    if (!pair.is_tuple(2) || !pair[0].is_atom()) throw e.malformed("[{App, Directory}]");
    config.overrides.emplace_back(pair[0].as_atom(), pair[1]);
  }
}

void set_hooks(RelxConfig& config, const Entry& e) {
  config.hooks.clear();
  for (const Term& pair : e.list("[{Phase, [Hook]}]")) {
    if (!pair.is_tuple(2) || !pair[0].is_atom() || !pair[1].is_proper_list()) {
      throw e.malformed("[{Phase, [Hook]}]");
    }
    config.hooks.emplace_back(pair[0].as_atom(), pair[1].elements());
  }
}

void set_extensions(RelxConfig& config, const Entry& e) {
  config.extensions.clear();
  for (const Term& pair : e.list("[{Name, Script}]")) {
    if (!pair.is_tuple(2) || !pair[0].is_atom()) throw e.malformed("[{Name, Script}]");
    config.extensions.emplace_back(pair[0].as_atom(), e.text(pair[1], "[{Name, Script}]"));
  }
}

void set_exref(RelxConfig& config, const Entry& e) {
  if (e.value.is_atom("false")) {
    config.exref.reset();
  } else if (e.value.is_atom("true")) {
    config.exref.emplace();
  } else {
    config.exref = e.atoms(e.value, "true, false or [App]");
  }
}

void set_system_libs(RelxConfig& config, const Entry& e) {
  config.system_libs = e.inclusion();
  const auto* directory = std::get_if<fs::path>(&config.system_libs);
  if (directory != nullptr && !fs::is_directory(*directory)) {
    throw Error(config.file, e.term.position(),
                "Config value for system_libs must be a boolean or directory but found: " +
                    otp::print_line(e.value));
  }
}

// What comes later is looked in first.
void add_lib_dirs(RelxConfig& config, const Entry& e) {
  std::vector<fs::path> added;
  for (const Term& pattern : e.list("[Directory]")) {
    const std::string text = e.text(pattern, "[Directory]");
    std::vector<fs::path> found = sys::wildcard(text, fs::current_path());
    if (found.empty()) found.emplace_back(text);
    for (const fs::path& path : found)
      added.push_back(fs::absolute(path));
  }
  config.lib_dirs.insert(config.lib_dirs.begin(), added.begin(), added.end());
}

using Apply = void (*)(RelxConfig&, const Entry&);

// Every term that relx knows, less `release`, with what it sets.
const std::map<std::string_view, Apply>& known_terms() {
  static const std::map<std::string_view, Apply> table = {
      {"mode", [](RelxConfig& c, const Entry& e) { set_mode(c, mode_named(e)); }},
      // false takes no more of the mode dev back than its links.
      {"dev_mode",
       [](RelxConfig& c, const Entry& e) {
         if (e.boolean())
           set_mode(c, Mode::Dev);
         else if (c.mode == Mode::Dev)
           c.mode.reset();
       }},
      {"lib_dirs", add_lib_dirs},
      {"exclude_apps",
       [](RelxConfig& c, const Entry& e) { c.exclude_apps = e.atoms(e.value, "[App]"); }},
      {"exclude_modules", set_exclude_modules},
      {"debug_info",
       [](RelxConfig& c, const Entry& e) {
         c.kept_chunks = e.value.is_tagged("keep", 2) ? chunk_ids(e) : "";
         if (c.kept_chunks.empty() && !e.value.is_atom("keep") && !e.value.is_atom("strip"))
           throw e.malformed(kDebugInfo);
         c.strip_debug_info = !e.value.is_atom("keep");
       }},
      {"overrides", set_overrides},
      {"upfrom",
       [](RelxConfig& c, const Entry& e) { c.upfrom = e.text(e.value, "a version string"); }},
      {"include_src", [](RelxConfig& c, const Entry& e) { c.include_src = e.boolean(); }},
      {"vm_args", [](RelxConfig& c, const Entry& e) { c.vm_args = e.file_choice(); }},
      {"vm_args_src", [](RelxConfig& c, const Entry& e) { c.vm_args_src = e.file_choice(); }},
      {"sys_config", [](RelxConfig& c, const Entry& e) { c.sys_config = e.file_choice(); }},
      {"sys_config_src", [](RelxConfig& c, const Entry& e) { c.sys_config_src = e.file_choice(); }},
      {"root_dir",
       [](RelxConfig& c, const Entry& e) {
         c.root_dir = e.path();
         c.root_dir_is_given = true;
       }},
      {"output_dir", [](RelxConfig& c, const Entry& e) { c.output_dir = e.path(); }},
      {"overlay", [](RelxConfig& c, const Entry& e) { c.overlay = e.list("a list of actions"); }},
      {"overlay_vars", append_overlay_vars},
      {"overlay_vars_values",
       [](RelxConfig& c, const Entry& e) {
         const Terms& values = e.list("[{Key, Value}]");
         c.overlay_vars_values.insert(c.overlay_vars_values.end(), values.begin(), values.end());
       }},
      {"warnings_as_errors",
       [](RelxConfig& c, const Entry& e) { c.warnings_as_errors = e.boolean(); }},
      {"src_tests", [](RelxConfig& c, const Entry& e) { c.src_tests = e.boolean(); }},
      {"exref", set_exref},
      {"check_for_undefined_functions",
       [](RelxConfig& c, const Entry& e) { c.check_for_undefined_functions = e.boolean(); }},
      {"include_erts", [](RelxConfig& c, const Entry& e) { c.include_erts = e.inclusion(); }},
      {"system_libs", set_system_libs},
      {"extended_start_script",
       [](RelxConfig& c, const Entry& e) { c.extended_start_script = e.boolean(); }},
      {"extended_start_script_hooks", set_hooks},
      {"extended_start_script_extensions", set_extensions},
      {"extended_start_script_commands",
       [](RelxConfig& c, const Entry& e) {
         c.commands = e.atoms(e.value, "[Command]");
         c.commands_at = e.term.position();
       }},
      {"generate_start_script",
       [](RelxConfig& c, const Entry& e) { c.generate_start_script = e.boolean(); }},
      {"include_nodetool", [](RelxConfig& c, const Entry& e) { c.include_nodetool = e.boolean(); }},
      // Start scripts for Windows are no concern of ours; unix ones are always written.
      {"include_start_scripts_for",
       [](RelxConfig&, const Entry& e) { e.atoms(e.value, "[unix | win32 | powershell]"); }},
      {"default_release", set_default_release},
      {"node_types",
       [](RelxConfig& c, const Entry& e) {
         c.node_types = e.atoms(e.value, "[App]");
         c.node_types_at = e.term.position();
       }},
  };
  return table;
}

void unknown_term(const RelxConfig& config, const Term& term) {
  const std::string message = "Unknown term found in relx configuration: " + otp::print_line(term);
  if (config.warnings_as_errors) throw Error(config.file, term.position(), message);
  sys::warn(config.file, term.position(), message);
}

}  // namespace

RelxConfig default_relx_config(const std::string& file) {
  RelxConfig config;
  config.file = file;
  config.root_dir = fs::current_path();
  config.config_dir = fs::absolute(file).parent_path();
  config.output_dir = config.root_dir / "_rel";
  return config;
}

void apply_relx_terms(RelxConfig& config, const Terms& terms) {
  // Before the rest, so that it holds for every warning of the rest.
  if (const auto strict = term::proplist_value(Term::list(terms), "warnings_as_errors")) {
    config.warnings_as_errors = strict->is_atom("true");
  }
  for (const Term& term : terms) {
    if (term.is_tagged("release")) {
      add_release(config, term);
      continue;
    }
    const bool is_pair = term.is_tuple() && term.elements().size() >= 2 && term[0].is_atom();
    const auto known = is_pair ? known_terms().find(term[0].atom_text()) : known_terms().end();
    const bool fits =
        known != known_terms().end() && (term.is_tuple(2) || term.is_tagged("default_release", 3));
    if (fits) {
      known->second(config, {config, term, term[1]});
    } else {
      unknown_term(config, term);
    }
  }
}

namespace {

// Of versions that count as the same, relx takes the first in the order of their texts.
bool is_higher(const std::string& a, const std::string& b) {
  const int order = compare_versions(a, b);
  return order > 0 || (order == 0 && a < b);
}

}  // namespace

const ConfiguredRelease& choose_release(const RelxConfig& config,
                                        const std::optional<std::string>& name,
                                        const std::optional<std::string>& version) {
  if (config.releases.empty()) {
    throw Error(config.file, "No releases have been specified in the system!");
  }
  std::optional<std::string> wanted = name;
  std::optional<std::string> wanted_version = version;
  if (!wanted && config.default_release) {
    wanted = config.default_release->first.text();
    if (!wanted_version) wanted_version = config.default_release->second;
  }
  const ConfiguredRelease* best = nullptr;
  for (const ConfiguredRelease& release : config.releases) {
    if (wanted && release.name.text() != *wanted) continue;
    if (wanted_version && release.version != *wanted_version) continue;
    if (!wanted && best != nullptr && best->name != release.name) {
      throw Error(config.file, release.at,
                  "Must specify the name of the release to build when there are multiple releases "
                  "in the config")
          .with_hint("-n NAME");
    }
    if (best == nullptr || is_higher(release.version, best->version)) best = &release;
  }
  if (best != nullptr) return *best;
  std::string known;
  for (const ConfiguredRelease& release : config.releases) {
    known +=
        fmt::format("{}{}-{}", known.empty() ? "" : ", ", release.name.text(), release.version);
  }
  throw Error(config.file, wanted && wanted_version
                               ? fmt::format("No releases exist in the system for {}:{}!", *wanted,
                                             *wanted_version)
                               : fmt::format("No releases exist in the system for {}!",
                                             wanted ? *wanted : *wanted_version))
      .with_hint("the configuration has " + known);
}

RelxConfig config_of_release(const RelxConfig& config, const ConfiguredRelease& release) {
  RelxConfig own = config;
  apply_relx_terms(own, release.config);
  return own;
}

}  // namespace relmk::relx
