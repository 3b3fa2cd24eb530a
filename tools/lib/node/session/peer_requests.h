// What a node asks of us as it asks other nodes: to run functions, to watch processes. Left without
// an answer, its processes would wait for ever.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "node/session/rpc.h"

namespace relmk::node {

class PeerRequests {
 public:
  explicit PeerRequests(Rpc& rpc) : rpc_(rpc) {}

  // Is asked for the value of Module:Function(), as the node's erpc:call/4 wants it; nullopt: there
  // is no such function here.
  using Function =
      std::function<std::optional<Term>(std::string_view module, std::string_view function)>;
  void on_call(Function function) { function_ = std::move(function); }

  // Answers the signal; false when it is no such request.
  bool accept(const Signal& signal);

 private:
  void spawn(const Terms& request, const std::optional<Term>& arguments);

  Rpc& rpc_;
  Function function_;
};

}  // namespace relmk::node
