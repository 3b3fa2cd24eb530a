// What the start script has to know before it starts a node of its release, or asks one: `nodetool
// env` prints it as shell assignments. And what nodetool itself goes by when the start script runs
// it.
//
// The names of variables are those of relx's extended start script.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "start/cookie_flags.h"
#include "start/node_name.h"
#include "start/release_place.h"
#include "start/vm_args.h"
#include "sys/files.h"

namespace relmk::start {

// vm.args or sys.config, as the release has it.
struct StartSource {
  fs::path base;            // as the user knows it: without .src
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
  std::string vm_args_text;    // after substitution
  VmArgs flags;                // what that says; of a node that was started, what it was told then
  CommandArguments arguments;  // the command's
  bool is_noted = false;       // the node was started as a note says, see running_node.h
  StartSource sys_config;

  fs::path boot;  // without .boot
  fs::path pipe_directory;
  fs::path pipe_base;  // where that is to be made, in a directory `pipes`; empty: the user names it
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

// What the start script is asked to find out.
struct StartRequest {
  StartStage stage = StartStage::Asking;
  std::vector<std::string> arguments = {};  // those of the command that starts the node
  bool nameless = false;                    // the VM need not be a node: without a name it has none
};

// What the environment and the release's files say. Writes nothing. The rules:
// - vm.args: VMARGS_PATH, else ROOT/vm.args where there is one, else the version's. FILE.src goes
//   before FILE, and its variables are substituted; with RELX_REPLACE_OS_VARS those of FILE are.
//   sys.config: the same with RELX_CONFIG_PATH; but a node type's is /etc/kazoo/app.config where
//   that exists.
// - name: that of vm.args, or of the command's arguments; NODE_NAME with NODE_NAME_TYPE (name,
//   sname) where those have none, where NODE_NAME's part before the @ is one of the release's node
//   types, and of a release without such types where it has an @. NODE_HOST is the host of a
//   NODE_NAME without one.
// - cookie: RELX_COOKIE; for a node type the one of config.ini, where there is such a file (see
//   read_cookie); -setcookie of vm.args, of the command's arguments, or of ERL_FLAGS and its like,
//   if there is but one; the user's own (start/cookie_source.h).
// - a node that is asked, and that was started in another way than these say (by a variable that is
//   not set now, or by a hook), is asked as what it was started; see start/running_node.h.
// Throws VmArgsError (start/vm_args.h) for what relx's script refuses in vm.args, Error for the
// rest.
StartEnvironment find_start_environment(const ReleasePlace& release, const Environment& environment,
                                        const StartRequest& request = {});

// The node that would be asked by the files alone, whatever runs; empty where they do not tell.
std::string asked_node(const ReleasePlace& release, const Environment& environment);

// The text of the error where the node cannot be asked from outside: it takes no connections, or
// its VM asks a module of its own for its port, and not epmd. Empty where it can.
std::string cannot_be_asked(const StartEnvironment& found, const Environment& environment);

// The text of a source, with its variables replaced where they are to be. Throws Error.
std::string start_source_text(const StartSource& source, const Environment& environment);

}  // namespace relmk::start
