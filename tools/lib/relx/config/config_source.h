// What -c takes: relx.config, rebar.config (its relx section with profiles merged, as rebar3 does)
// or release.toml, each with FILE.script evaluated over it where there is one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relx/resolve/resolve.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::relx {

struct ConfigSource {
  std::string file;  // the file or script as the user would name it, for errors
  Terms terms;       // relx's terms; tuples carry their positions in `file`
  bool is_rebar = false;
  std::vector<fs::path> build_dirs;       // rebar3's _build/PROFILE/{checkouts,lib}
  std::vector<std::string> project_apps;  // rebar3's own applications of this project
  std::optional<Terms> xref_ignores;      // rebar3's; absent for the others
};

struct ConfigRequest {
  fs::path file;
  std::vector<std::string> profiles;  // rebar3's, in the order in which they are applied
  bool verbose = false;               // say on stderr when a script is handed to erl
  sys::Environment environment;       // REBAR_PROFILE, REBAR_BASE_DIR, which Erlang/OTP is in use
  unsigned elixir_wait = 600;         // seconds, for what Elixir says of a mix.exs
  // In place of FILE.script, which is evaluated where it is there; an empty path: nothing is.
  std::optional<fs::path> script{};
};

// Whether a regular file's text is that of generated_config_text(), and not hand-written. Of what
// is no regular file nothing is read.
bool is_generated_config(const fs::path& file);

// The text of a configuration file that holds `terms`, with a first line that says what it comes
// from.
std::string generated_config_text(const Terms& terms, const std::string& source);

// Throws Error with a position. A plain file that was generated is not the script's CONFIG. A file
// that is missing is an error unless its .script is there; so is a script that the request names.
ConfigSource read_config_source(const ConfigRequest& request);

}  // namespace relmk::relx
