// relx's configuration as a value (rlx_config, rlx_state): the terms of relx.config, of
// rebar.config's relx section or of release.toml, checked, with versions resolved and paths made
// absolute.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "relx/config/configured_releases.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::relx {

enum class Mode { Dev, Prod, Minimal };

// true, false, or a directory.
using Inclusion = std::variant<bool, fs::path>;

// A file that the user names, says not to have (false), or leaves to its default place (absent).
struct FileChoice {
  std::optional<fs::path> path;
  bool none = false;
  Position at;
};

struct RelxConfig {
  std::string file;     // where the terms stand, for errors
  fs::path config_dir;  // where that file lies
  fs::path root_dir;
  bool root_dir_is_given = false;  // by {root_dir, …}, not by where relmk is run
  fs::path output_dir;
  std::vector<fs::path> lib_dirs;

  ConfiguredReleases releases;
  std::optional<std::pair<Atom, std::optional<std::string>>> default_release;

  // Absent: applications are copied, with their sources, and nothing is stripped, as in relx.
  std::optional<Mode> mode;
  std::optional<bool> include_src;
  bool strip_debug_info = false;
  std::string kept_chunks;  // of stripped BEAM files: ids, of four characters each
  Inclusion include_erts = false;
  Inclusion system_libs = true;

  std::vector<Atom> exclude_apps;
  std::vector<std::pair<Atom, std::vector<Atom>>> exclude_modules;
  std::vector<std::pair<Atom, Term>> overrides;

  FileChoice vm_args, vm_args_src, sys_config, sys_config_src;

  Terms overlay;
  Terms overlay_vars;         // file names (strings) and {Key, Value}, in the order of reading
  Terms overlay_vars_values;  // {Key, Value}

  bool generate_start_script = true;
  bool extended_start_script = true;
  bool include_nodetool = true;
  std::vector<std::pair<Atom, Terms>> hooks;  // phase, hooks: extended_start_script_hooks
  std::vector<std::pair<Atom, std::string>> extensions;
  // ours: the start script's commands that a release offers; empty: all.
  std::vector<Atom> commands;
  Position commands_at;

  bool warnings_as_errors = false;
  bool src_tests = true;
  bool check_for_undefined_functions = true;
  std::optional<Terms> xref_ignores;  // what of that rebar3 leaves out; absent: relx leaves nothing
  // exref: absent when false; empty: all applications.
  std::optional<std::vector<Atom>> exref;
  std::optional<std::string> upfrom;

  std::vector<Atom> node_types;  // ours: applications that get a boot file of their own
  Position node_types_at;
};

// Where relx starts from: the current directory, `_rel` below it.
RelxConfig default_relx_config(const std::string& file);

// Applies terms in their order, each over what was there. Unknown terms are warnings with their
// position (errors where warnings_as_errors is set). Versions are strings by now, see
// resolve_release_versions(). Throws Error for malformed terms.
void apply_relx_terms(RelxConfig& config, const Terms& terms);

// Which release is meant: by name and version; without a version the highest; without a name the
// default one, else the only name there is. Throws Error in relx's words.
const ConfiguredRelease& choose_release(const RelxConfig& config,
                                        const std::optional<std::string>& name,
                                        const std::optional<std::string>& version);

// The configuration with the release's own terms applied over the common ones.
RelxConfig config_of_release(const RelxConfig& config, const ConfiguredRelease& release);

}  // namespace relmk::relx
