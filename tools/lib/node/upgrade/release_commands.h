// The versions of a release on a running node: what the start script's commands versions, check,
// unpack, install (upgrade, downgrade), commit and uninstall do. Places, words and exit codes are
// those of relx's install_upgrade.escript.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/session/standard_session.h"
#include "node/session/target.h"
#include "node/upgrade/installation.h"
#include "node/upgrade/journal.h"
#include "node/upgrade/unpack.h"
#include "node/upgrade/upgrade_check.h"
#include "start/start_environment.h"

namespace relmk::node {

class ReleaseCommands {
 public:
  using Say = std::function<void(const std::string&)>;
  using Complain = std::function<void(const Error&)>;
  // `timeout` holds for joining the node and for a single call. `say` gets each line for people,
  // without a newline; `complain` each obstacle.
  ReleaseCommands(Target target, std::chrono::milliseconds timeout, start::ReleasePlace release,
                  start::Environment environment, Say say, Complain complain);

  // All throw ReleaseError, NodeError, RemoteError, Error.
  void list();
  void check(const std::string& version, const UpgradeOptions& options);
  void unpack(const std::string& version);
  void install(const std::string& version, const UpgradeOptions& options);
  void commit(const std::string& version);
  void uninstall(const std::string& version);

 private:
  Rpc& rpc() { return session_->rpc(); }
  std::string prepare(const std::string& given);
  Term handler(const char* function, Terms arguments);
  NodeState state();
  bool runs(const std::string& version);
  void list(const NodeState& state);
  void settle_journal(const NodeState& state);
  void undo(Journal& journal);
  bool report(const UpgradeCheck& check);
  void know_running_release(NodeState& state);
  void forget_lost(NodeState& state, const std::string& version);
  void register_version(const ReleaseImage& image, const NodeState& state);
  Unpacked unpack_image(const ReleaseImage& image, const NodeState& state, Journal& journal);
  bool is_installed(const std::string& version, const NodeState& now,
                    const UpgradeOptions& options);
  UpgradeCheck check_before(const std::string& version, const NodeState& now,
                            const UpgradeOptions& options);
  void switch_to(const UpgradeCheck& found, const NodeState& before, Installer& installer,
                 const UpgradeOptions& options, const Journal& journal);
  std::optional<Unpacked> put_in_place(const UpgradeCheck& found, Journal& journal);
  void forget(const std::string& version, const std::optional<Unpacked>& unpacked,
              Journal& journal);
  std::vector<fs::path> removable_files(const KnownRelease& version, const NodeState& now);
  void say_permanent(const std::string& version, const NodeState& now);
  void commit_running(const std::string& version, const NodeState& now);
  void make_permanent(const std::string& version, const std::string& from, const Journal& journal);
  void make_permanent_or_go_back(Installer& installer, const UpgradeCheck& found,
                                 const std::string& permanent, const Journal& journal);
  void say_versions();
  fs::path releases() const { return release_.root / "releases"; }

  Target target_;
  std::chrono::milliseconds timeout_;
  start::ReleasePlace release_;
  start::Environment environment_;
  Say say_;
  Complain complain_;
  std::unique_ptr<StandardSession> session_;
};

}  // namespace relmk::node
