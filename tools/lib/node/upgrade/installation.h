// Switching a node from one version to another, with what release_handler does not see to.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/session/standard_session.h"
#include "node/session/target.h"
#include "node/upgrade/upgrade_check.h"
#include "start/start_environment.h"

namespace relmk::node {

class OsProcess;

// A failure with an exit code of its own.
class ReleaseError : public Error {
 public:
  enum Code {
    NoSuchVersion = 2,  // it is not there, or was not unpacked
    Refused = 3,        // something stands in the way; nothing was changed
    NotInstalled = 4,   // failed before the point of no return; all is as it was
    Restarted = 5,      // failed after it: the node restarts, in the permanent version
    TakenBack = 6,      // was installed, and taken back by the relup
  };
  ReleaseError(Code code, std::string message) : Error(std::move(message)), code_(code) {}
  ReleaseError(Code code, std::string message, std::string hint)
      : Error(Error(std::move(message)).with_hint(std::move(hint))), code_(code) {}
  int exit_code() const { return code_; }

 private:
  Code code_;
};

struct UpgradeOptions {
  bool permanent = true;
  std::optional<std::string> verify;              // must end with 0 before it is made permanent
  std::chrono::milliseconds within{60'000};       // the time that this command has
  std::chrono::milliseconds process{5'000};       // that a process has to answer a check
  std::chrono::milliseconds code_change{60'000};  // that a process has to change its state
  std::chrono::milliseconds wait{300'000};        // for the installation, and for a node to be back
};

// An upgrade of a node that has been checked, and whose version is registered.
class Installer {
 public:
  // `session` is replaced when the node has restarted.
  Installer(const Target& target, std::chrono::milliseconds timeout,
            std::unique_ptr<StandardSession>& session, const start::ReleasePlace& release,
            const start::Environment& environment, const UpgradeOptions& options);

  // Throws ReleaseError: NotInstalled where all is as it was, TakenBack, or Restarted (is_up()
  // tells whether the node has come back); NodeError where nobody knows, since the connection
  // ended.
  void install(const UpgradeCheck& check);
  // Runs the command; when it fails, goes back by the relup. Throws ReleaseError then.
  void verify(const UpgradeCheck& check);
  // Takes the version back by the relup, because of `why`. Throws ReleaseError in any case, or
  // Error where there is no way back.
  void go_back(const UpgradeCheck& check, const std::string& why);
  bool is_up() const { return is_up_; }
  // The modules that were changed and of which processes still run the old code.
  std::vector<std::string> old_code(const UpgradeCheck& check);

 private:
  struct Way {
    std::string from, to;
    const RelupScript& script;
    const RenderedConfiguration& configuration;
  };
  struct Outcome;
  void check_readable(const Way& way);
  std::optional<std::string> configuration_of_providers(const Way& way);
  Outcome run(const Way& way);
  void await_restart(const Way& way, const OsProcess& process);
  void switch_by(const Way& way);
  [[noreturn]] void fail_after_restart(const std::string& from, const std::string& reason);
  bool wait_until_up(const std::function<bool()>& may_come_back);
  std::string running_version();

  const Target& target_;
  std::chrono::milliseconds timeout_;
  std::unique_ptr<StandardSession>& session_;
  const start::ReleasePlace& release_;
  const start::Environment& environment_;
  const UpgradeOptions& options_;
  bool is_up_ = true;
};

// An obstacle where no relup leads from the new version back.
std::optional<Error> no_way_back(const UpgradeCheck& check, const start::ReleasePlace& release);

}  // namespace relmk::node
