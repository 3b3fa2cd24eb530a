// What the start script has to know before it starts a node of its release, or asks one: `nodetool
// env` prints it as shell assignments. And what nodetool itself goes by when the start script runs
// it.
//
// The names of variables are those of relx's extended start script.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "start/cookie_flags.h"
#include "start/node_name.h"
#include "sys/files.h"

namespace relmk::start {

// The environment of this process.
Environment process_environment();

// A release as it stands on disk, and which of its versions is meant.
struct ReleasePlace {
  fs::path root;
  std::string name;
  std::string version;
  fs::path version_directory() const { return root / "releases" / version; }
};

// The release whose start script runs us, by RELEASE_ROOT_DIR, RELEASE_NAME and RELEASE_VSN; absent
// where one of them is not set.
std::optional<ReleasePlace> release_of_environment(const Environment& environment);

// vm.args or sys.config, as the release has it.
struct StartSource {
  fs::path base;            // as the user knows it: without .src and .orig
  fs::path file;            // what is read; empty: there is none
  bool substitute = false;  // its variables are replaced
  // The VM does not read `file`, but a file made from it.
  bool is_generated() const { return substitute || file != base; }
};

struct StartEnvironment {
  NodeName node;                        // NAME
  NameType name_type = NameType::Long;  // NAME_TYPE: -name, -sname
  std::string node_type;                // NODE_NAME's, where the release has a boot file for it
  bool name_given = false;              // the name is NODE_NAME's, not that of vm.args

  std::string cookie;           // empty: none was found
  std::string cookie_source;    // RELX_COOKIE, or a file
  CookieFlags cookie_flags;     // in the environment's ERL_FLAGS and its like
  bool cookie_in_home = false;  // the VM would find it by itself, in the user's home

  StartSource vm_args;
  std::string vm_args_text;        // after substitution
  std::string distribution_flags;  // -proto_dist and its like, in words of a shell
  bool says_start_epmd = false;    // vm.args has -start_epmd
  StartSource sys_config;

  fs::path boot;  // without .boot
  fs::path pipe_directory;
  bool default_pipe_directory = false;
  fs::path log_directory;
  bool default_log_directory = false;
};

// What the environment is asked for. A pre_start hook may make files that vm.args and sys.config
// include, change these two (as substituted), or choose others by VMARGS_PATH and RELX_CONFIG_PATH.
enum class StartStage {
  Asking,       // a node that runs, or may
  BeforeHooks,  // the two files are substituted, for hooks and extensions to see
  AfterHooks,   // the VM is started with the two files as they are
  Starting,     // the VM is started, and there are no hooks
};

// What the environment and the release's files say. Writes nothing. The rules:
// - vm.args: VMARGS_PATH, else ROOT/vm.args where there is one, else the version's. FILE.src goes
//   before FILE, and its variables are substituted; with RELX_REPLACE_OS_VARS those of FILE (or of
//   FILE.orig, which keeps what it was) are.  sys.config: the same with RELX_CONFIG_PATH; but a
//   node type's is /etc/kazoo/app.config where that exists.
// - name: that of vm.args; NODE_NAME with NODE_NAME_TYPE (name, sname) where vm.args has none, and
//   where NODE_NAME's part before the @ is one of the release's node types.
// - cookie: RELX_COOKIE; for a node type the one of config.ini, where there is such a file (see
//   read_cookie); -setcookie of vm.args, or of ERL_FLAGS and its like, if there is but one;
//   ~/.erlang.cookie; erlang/.erlang.cookie in XDG_CONFIG_HOME.
// Throws VmArgsError (conf/vm_args.h) for what relx's script refuses in vm.args, Error for the
// rest.
StartEnvironment find_start_environment(const ReleasePlace& release, const Environment& environment,
                                        StartStage stage = StartStage::Asking);

// The text of a source, with its variables replaced where they are to be. Throws Error.
std::string start_source_text(const StartSource& source, const Environment& environment);

// What the VM is started with.
struct StartFiles {
  fs::path home;           // for -home: holds .erlang.cookie; empty: the user's own
  fs::path vm_args;        // without the cookie; empty: none
  fs::path sys_config;     // empty: none
  fs::path log_directory;  // where run_erl may write
};

// Writes vm.args and sys.config with their variables replaced, where they are to be: beside their
// sources or to RELX_OUT_FILE_PATH (with RELX_MULTI_NODE, the node's name is in the file's), or, in
// a release that is read-only, to the user's runtime directory. The bases in `found` are then
// these. Throws Error.
void write_substituted_files(const ReleasePlace& release, const Environment& environment,
                             StartEnvironment& found);

// Writes what the VM reads: the substituted files, and what holds the cookie to a directory that
// only this user can enter. Throws Error, also for a sys.config that no node could boot from, and
// for an -args_file that is not there.
StartFiles write_start_files(const ReleasePlace& release, const Environment& environment,
                             StartEnvironment found);

// Shell assignments of all this; those of StartFiles are empty when there are none. Every value is
// quoted, so that no byte of it is more than text to the shell.
std::string shell_assignments(const StartEnvironment& found, const std::optional<StartFiles>& files,
                              const Environment& environment);

// All of `nodetool env`: what it prints. For what relx's script refuses in vm.args, these
// are commands that print relx's message and exit with relx's code.
std::string start_environment_script(const Environment& environment, StartStage stage);

}  // namespace relmk::start
