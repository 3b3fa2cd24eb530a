#include "node/session/session.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace relmk::node {
namespace {

// A whole positive number, no more than a clock can count, else 0.
long number_in_environment(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr || *text == '\0') return 0;
  char* end = nullptr;
  const long number = std::strtol(text, &end, 10);
  return *end == '\0' && number > 0 ? std::min(number, 1000000000L) : 0;
}

}  // namespace

Session::Session(const Target& target, std::chrono::milliseconds timeout)
    : connection_(target.address, target.cookie.value, Deadline::after(timeout)),
      rpc_(connection_, timeout),
      streams_(rpc_),
      group_leader_(rpc_, streams_),
      peer_requests_(rpc_) {
  rpc_.on_signal([this](const Signal& signal) {
    if (!peer_requests_.accept(signal) && signal.payload) group_leader_.accept(*signal.payload);
  });
}

std::chrono::milliseconds rpc_timeout() {
  if (const long seconds = number_in_environment("RELX_RPC_TIMEOUT")) {
    return std::chrono::seconds(seconds);
  }
  if (const long milliseconds = number_in_environment("NODETOOL_TIMEOUT")) {
    return std::chrono::milliseconds(milliseconds);
  }
  return std::chrono::seconds(60);
}

}  // namespace relmk::node
