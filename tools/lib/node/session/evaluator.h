// Calls and expressions that a node runs and prints for us, by its own erl_scan, erl_parse,
// erl_eval and io_lib; a guardian serves what they print, read and log.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/session/call_arguments.h"
#include "node/session/guardian.h"

namespace relmk::node {

class Evaluator {
 public:
  // Values go to `sinks.print`, as io:format("~p~n") prints them on the node (of one that runs with
  // `+pc unicode`, as ~tp does).
  Evaluator(Rpc& rpc, GroupLeader& leader, Guardian::Sinks sinks, WorkOptions options = {});

  // What a call or an evaluation comes to.
  struct Outcome {
    int code = 0;         // that of {rpc_error, Code}, 1 of a failure
    std::string failure;  // for standard error, of one line or more; empty: none
  };
  // Calls a function, and prints what it returns, but for relx's rpc_ok and {rpc_error, …}.
  // Throws RemoteError for an exception and for {badrpc, Reason}, NodeError.
  Outcome call(const FunctionCall& call);
  // Evaluates the expressions in `text`, which need no full stop at the end, and prints the value
  // of the last one. What the node cannot read fails with its position in `text`, an exception with
  // what the shell tells of it. Throws NodeError.
  Outcome evaluate(const std::string& text);

  // Takes a further line of a session, which may hold several expressions, or a part of one; `end`
  // is the end of the session. `failed` is called with each failure: the rest of its line is not
  // evaluated. A session is one process of the node: it keeps the variables, and what else belongs
  // to a process. Throws NodeError.
  void take_line(const std::string& line, bool end,
                 const std::function<void(const std::string&)>& failed);

 private:
  Guardian& begin(const Work& work);
  Outcome outcome(const Term& answer);
  std::string small_text(const Term& value);
  std::string large_text(const Term& encoded, const Term& range);
  Outcome last_outcome(const Term& answer);
  void release(const Term& process);
  void send_unread(bool end);
  bool take_answers(const std::function<void(const std::string&)>& failed);

  Rpc& rpc_;
  GroupLeader& leader_;
  Guardian::Sinks sinks_;
  WorkOptions options_;
  std::unique_ptr<Guardian> guardian_;
  std::optional<Term> asking_;  // the session's process, when it wants text
  std::string unread_;          // lines of the session without a full stop yet
  int64_t lines_ = 0;           // of the session before unread_
};

}  // namespace relmk::node
