// A node's process of the operating system, as seen from here.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "node/session/rpc.h"

namespace relmk::node {

class OsProcess {
 public:
  // The one of the node. A node on another machine, or in a container whose processes are not shown
  // here, has none that can be seen. Throws as Rpc::call does.
  explicit OsProcess(Rpc& rpc);

  bool is_visible() const { return !identity_.empty(); }
  pid_t id() const { return id_; }
  // No such process, or only its exit code is left of it. Of visible ones only.
  bool is_gone() const;
  // Waits until its number is free too, as it is once its parent has taken the exit code; where
  // nobody does that, as in a container without an init, no longer than `patience`.
  void wait_until_reaped(std::chrono::milliseconds patience) const;
  bool operator==(const OsProcess&) const = default;

 private:
  pid_t id_ = 0;
  std::string identity_;
};

}  // namespace relmk::node
