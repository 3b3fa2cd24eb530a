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

namespace relmk::node {

// What work is done with.
struct WorkOptions {
  bool keep_output = false;   // what is printed goes to the node's own output
  bool keep_running = false;  // the work goes on when we go
};

// The expressions of on_node/NAME.exprs, as erl_eval takes them: terms to be sent, see
// term::encoded_term().
namespace on_node {
Term call();
Term elixir();
Term evaluate();
Term once();
Term print();
Term session();
}  // namespace on_node

class Guardian {
 public:
  // Where what comes while we wait goes. UTF-8; each may be called with pieces of a text.
  struct Sinks {
    std::function<void(std::string_view)> print;  // values as printed
    std::function<void(std::string_view)> log;    // log events as OTP's default handler prints them
  };

  // Begins the work: expressions that are evaluated with `bindings`, and `Leader` and `Tag`; or the
  // atom `shell`, for the node's shell:start/1, or `iex`, for its IEx. Throws NodeError.
  Guardian(Rpc& rpc, GroupLeader& leader, Sinks sinks, const Term& work, Terms bindings,
           const WorkOptions& options);
  ~Guardian();
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;

  // What the work has told, the oldest first.
  std::optional<Term> take_answer();
  // Waits for the next of what the work tells, or for its end: nullopt then. Throws NodeError
  // (Timeout, Down).
  std::optional<Term> next_answer();
  // Waits for the end: the Answer of exit({Tag, Answer}). Throws RemoteError where the work ended
  // otherwise.
  Term result();
  bool has_ended() const;

  // Sends {Tag, …} to a process of the work.
  void tell(const Term& process, Terms message);
  // Takes in what comes within a time: a process that was started may log something yet.
  void linger(std::chrono::milliseconds time);

 private:
  void take(const Term& message);

  Rpc& rpc_;
  GroupLeader& leader_;
  Sinks sinks_;
  Term tag_;
  std::deque<Term> answers_;
  std::optional<Term> end_;
  std::optional<Rpc::Running> running_;
};

}  // namespace relmk::node
