// Work that a process of a node does for us, beside single calls: what it prints and reads is
// served here, its log events come here and stay in the node's log, and it ends when we go.
//
// A process of the node stands between, the guardian; on_node/guardian.exprs is what it runs.
// Nothing is loaded into the node: erl_eval runs expressions.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string_view>

#include "node/session/group_leader.h"
#include "node/session/rpc.h"
#include "node/session/work.h"

namespace relmk::node {

class Guardian {
 public:
  // Where what comes while we wait goes. UTF-8; each may be called with pieces of a text.
  struct Sinks {
    std::function<void(std::string_view)> print;  // values as printed
    std::function<void(std::string_view)> log;    // log events as OTP's default handler prints them
  };

  // Begins the work. Throws NodeError.
  Guardian(Rpc& rpc, GroupLeader& leader, Sinks sinks, Work work, const WorkOptions& options);
  ~Guardian();
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;

  // What the work has told, the oldest first.
  std::optional<Term> take_answer();
  // Waits for the next of what the work tells, or for its end: nullopt then. Throws NodeError
  // (Timeout, Down).
  std::optional<Term> next_answer();
  // Waits for the end: the Answer of exit({Tag, Answer}); of a call that returned an atom or a
  // small number {returned, Value}. Throws RemoteError where the work ended otherwise.
  Term result();
  bool has_ended();

  // Sends {Tag, …} to a process of the work.
  void tell(const Term& process, Terms message);
  // Takes in what comes within a time: a process that was started may log something yet.
  void linger(std::chrono::milliseconds time);

 private:
  void begin(std::string_view filter);
  void take(const Term& message);

  Rpc& rpc_;
  GroupLeader& leader_;
  Sinks sinks_;
  Work work_;
  WorkOptions options_;
  Term tag_;
  int tries_ = 1;
  std::deque<Term> answers_;
  std::optional<Term> end_;
  std::optional<Rpc::Running> running_;
};

}  // namespace relmk::node
