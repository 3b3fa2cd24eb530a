// What a running node tells before an upgrade: its releases, and what the upgrade would meet.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "node/session/rpc.h"
#include "node/upgrade/relup_script.h"
#include "otp/release/releases_file.h"

namespace relmk::node {

// As release_handler has it in memory: with the status `current`, which is never on disk.
struct KnownRelease {
  otp::InstalledRelease release;
  bool has_libraries = false;  // false where release_handler found no RELEASES when it started
};

struct NodeState {
  bool has_release_handler = false;
  fs::path releases_directory;
  std::string start_program;  // what heart runs after restart_new_emulator
  bool is_client = false;     // keeps its releases on other nodes (sasl's `masters`)
  std::vector<KnownRelease> releases;

  std::vector<std::string> problems;  // supervisors and processes that do not answer
  std::vector<std::string> outside;   // processes that no supervisor knows, with their module
  struct OldCode {
    std::string module;
    bool may_be_killed = false;  // brutal_purge
    std::vector<std::string> processes;
  };
  std::vector<OldCode> old_code;

  std::map<std::string, std::map<std::string, Term>> environment;  // of each loaded application
  std::map<std::string, std::vector<std::string>> command_line;    // keys that it sets
  std::map<std::string, std::string> libraries;  // the directory of each loaded application
  std::string erts_version;
  fs::path root;              // code:root_dir()
  fs::path system_libraries;  // where kernel stands
  std::vector<std::string> code_paths;
  bool has_heart = false;

  const KnownRelease* find(const std::string& version) const;
  // The current one, or, where none is marked so, the permanent one. nullptr where there is none.
  const KnownRelease* running() const;
  const KnownRelease* permanent() const;
};

// `script` is that of the upgrade at hand; nullptr asks for what does not depend on it. `limit` is
// how long a single process may take to answer. Changes nothing. Throws RemoteError, NodeError.
NodeState ask_node_state(Rpc& rpc, const RelupScript* script, std::chrono::milliseconds limit,
                         const Deadline& deadline);

}  // namespace relmk::node
