// Expressions, evaluated on the node by its own erl_scan, erl_parse, erl_eval and io_lib.
#pragma once

#include <functional>
#include <string>

#include "node/rpc.h"

namespace relmk {

class Evaluator {
 public:
  explicit Evaluator(Rpc& rpc) : rpc_(rpc) {}

  // The value of the last of the expressions in `text`, which need no full stop at the end, as
  // io:format("~p~n") prints it on the node. Throws Error with the position in `text` for what the
  // node cannot read, RemoteError for an exception and for {badrpc, Reason}.
  std::string evaluate(const std::string& text);

  // Takes a further line of a session, which may hold several expressions, or a part of one; `end`
  // is the end of the session. `reply` is called with each value, as printed, `failed` with each
  // error. Variables stay bound.
  void take_line(const std::string& line, bool end,
                 const std::function<void(const std::string&)>& reply,
                 const std::function<void(const Error&)>& failed);

  // As io:format("~p~n") prints it on the node.
  std::string print(const Term& value);

 private:
  struct Answer {
    bool more = false;  // the expression goes on
    bool end = false;
    std::string value;  // as printed
    Term rest;          // of the text
  };
  // After the `last` one no variables are wanted, which may be as large as they like.
  Answer ask(const Term& text, bool last);
  const Term& program();

  Rpc& rpc_;
  Term program_;
  Term bindings_ = Term::atom("none");  // erl_eval's own
  Term continuation_;                   // erl_scan's
  std::string unread_;                  // lines without a full stop yet
};

}  // namespace relmk
