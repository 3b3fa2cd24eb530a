// Expressions, evaluated on the node by its own erl_scan, erl_parse, erl_eval and io_lib.
#pragma once

#include <string>

#include "node/rpc.h"

namespace relmk {

class Evaluator {
 public:
  explicit Evaluator(Rpc& rpc) : rpc_(rpc) {}

  // The value of the last of the expressions in `text`, which need no full stop at the end.
  // Variables stay bound for the next call. Throws Error with the position in `text` for what the
  // node cannot read, RemoteError for an exception.
  Term evaluate(const std::string& text);

  // Takes a further line of a session, which may hold several expressions, or a part of one.
  // `reply` is called with each value, `failed` with each error. The end of the session is `end`.
  void take_line(const std::string& line, bool end, const std::function<void(const Term&)>& reply,
                 const std::function<void(const Error&)>& failed);

  // As io:format("~p~n") prints it on the node.
  std::string print(const Term& value);

 private:
  Term evaluate_tokens(const Term& tokens);
  [[noreturn]] void refuse(const Term& error_info);

  Rpc& rpc_;
  Term bindings_;       // erl_eval's own
  bool fresh_ = true;   // nothing was bound yet
  Term continuation_;   // of a session: erl_scan's
  std::string unread_;  // lines without a full stop yet
};

}  // namespace relmk
