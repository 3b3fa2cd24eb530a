// The versions of a release on a running node, through its release_handler: what relx's
// install_upgrade.escript does, with its words and exit codes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/session/rpc.h"
#include "sys/files.h"

namespace relmk::node {

// A failure with an exit code of its own, that of relx's escript.
class ReleaseError : public Error {
 public:
  ReleaseError(int exit_code, std::string message)
      : Error(std::move(message)), exit_code_(exit_code) {}
  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

class ReleaseVersions {
 public:
  // `root` is the directory that holds `releases`, here and on the node; `name` the release's.
  // `say` gets each line for people, without a newline.
  ReleaseVersions(Rpc& rpc, fs::path root, std::string name,
                  std::function<void(const std::string&)> say);

  // `Installed versions:` and a line for each.
  void list();
  // The first three throw ReleaseError.
  void unpack(const std::string& version);
  // Unpacks where that is needed, makes it the current version, and, if `permanent`, the one to be
  // started from then on.
  void install(const std::string& version, bool permanent);
  void uninstall(const std::string& version);

 private:
  struct Version {
    std::string version;
    std::string status;  // unpacked, current, permanent, old
  };
  std::string prepare(const std::string& given);
  Term handler(const char* function, Terms arguments);
  std::vector<Version> versions();
  std::optional<std::string> status_of(const std::string& version);
  std::string running_version();
  bool unpack_if_unknown(const std::string& version);
  fs::path find_and_link_package(const std::string& version);
  void switch_to(const std::string& version);
  void make_permanent(const std::string& version);

  Rpc& rpc_;
  fs::path root_;
  std::string name_;
  std::function<void(const std::string&)> say_;
};

}  // namespace relmk::node
