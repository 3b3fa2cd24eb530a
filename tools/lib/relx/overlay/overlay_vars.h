// The variables that overlays and templates are rendered with (rlx_overlay): those that a release
// brings, and those of the user's `overlay_vars`. A set of variables is an Erlang proplist, in
// which the first entry of a name counts.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relx/overlay/mustache_names.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::relx {

// What the predefined variables are made of.
struct PredefinedVariables {
  std::string release_name;
  std::string release_version;
  std::string erts_version;
  fs::path erts_dir;    // the root of the Erlang/OTP in use
  fs::path output_dir;  // of this release: DIR/NAME
  fs::path root_dir;
  std::string config_file;
  std::vector<fs::path> lib_dirs;
  std::vector<std::string> goals;
  std::vector<std::pair<std::string, fs::path>> applications;  // name, directory
  std::vector<std::string> overridden;
  Term overrides;
  Term vm_args = Term::atom("undefined");  // a string, `false` or `undefined`
  Term sys_config = Term::atom("undefined");
  std::string default_release_name;  // empty: undefined
  std::string default_release_version;
};

// All variables that relx defines or once did. Those which only relx's documents still name (log,
// goals, config_file, providers, rel_vsn, default_release*, release_applications) stand apart: they
// go behind everything else, so that they hide no variable of the user's.
struct VariableSets {
  Term current;
  Term documented;
};
VariableSets predefined_variables(const PredefinedVariables& release);

// Where the user's variables come from.
struct VariableSource {
  fs::path root_dir;        // file names are relative to it
  std::string config_file;  // where the terms stand that name files and variables: for errors
  Position at;              // where they stand, for names of files, which have no position
};

// Returns the variables of `overlay_vars`, then `variables`, then those of `values`
// (overlay_vars_values). `overlay_vars` holds names of files and {Name, Value} tuples. A file holds
// terms of the same two forms, and a file name in it is relative to that file. As with relx, a
// later file's definition of a variable replaces an earlier file's, but within one file the first
// definition of a variable counts. A text among the values is a template: it is rendered with the
// variables before it. Warns of a file that does not exist, as relx does. Throws Error for a file
// that is malformed or includes itself, and for a value that cannot be rendered.
Term add_overlay_vars(const Term& variables, const Terms& overlay_vars, const Terms& values,
                      const VariableSource& source);

// Renders a text with variables; `name` stands for it in errors. As in relx, nothing is escaped,
// and partial {{>NAME}} is the file NAME.mustache in root_dir.
std::string render_with_variables(const std::string& name, std::string_view text,
                                  const Term& variables, const fs::path& root_dir);
std::string render_with_variables(const std::string& name, std::string_view text,
                                  const MustacheNames& variables, const fs::path& root_dir);

// The bytes of an iolist: what Erlang's iolist_to_binary makes of a string, a binary or a list of
// such, save that characters beyond Latin-1 become UTF-8. False when the term is none.
bool append_iolist(std::string& out, const Term& iolist);

}  // namespace relmk::relx
