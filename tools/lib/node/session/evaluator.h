// Expressions, evaluated on the node by its own erl_scan, erl_parse, erl_eval and io_lib.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "node/session/rpc.h"

namespace relmk::node {

class Evaluator {
 public:
  explicit Evaluator(Rpc& rpc) : rpc_(rpc) {}

  // The value of the last of the expressions in `text`, which need no full stop at the end, as
  // io:format("~p~n") prints it on the node. Throws Error with the position in `text` for what the
  // node cannot read, RemoteError for an exception and for {badrpc, Reason}.
  std::string evaluate(const std::string& text);

  // Takes a further line of a session, which may hold several expressions, or a part of one; `end`
  // is the end of the session. `reply` is called with each value, as printed, `failed` with each
  // error: the rest of its line is not evaluated. A session is one process of the node: it keeps
  // the variables, and what else belongs to a process.
  void take_line(const std::string& line, bool end,
                 const std::function<void(const std::string&)>& reply,
                 const std::function<void(const Error&)>& failed);

  // As io:format("~p~n") prints it on the node.
  std::string print(const Term& value);

 private:
  struct Session {
    Session(Rpc& rpc, Terms arguments);
    Rpc::Running running;
    std::deque<Term> answers;
  };
  const Term& program();
  Terms arguments(const Term& text, bool once);
  void send(const Term& text);
  Term next_answer();
  bool take_answers(const std::function<void(const std::string&)>& reply,
                    const std::function<void(const Error&)>& failed);
  std::string value_of(const Term& answer) const;

  Rpc& rpc_;
  Term program_;
  Term tag_;            // of what a session and we tell each other
  std::string unread_;  // lines without a full stop yet
  std::optional<Session> session_;
};

}  // namespace relmk::node
