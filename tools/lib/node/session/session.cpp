#include "node/session/session.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace relmk::node {
namespace {

// More than that no clock can count.
constexpr long kLongest = 1000000000;

// A whole positive number, no more than a clock can count; 0 where the variable is not set, or
// empty.
long number_in(const sys::Environment& environment, const std::string& variable, const char* unit) {
  const auto found = environment.find(variable);
  if (found == environment.end() || found->second.empty()) return 0;
  const std::string& text = found->second;
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_large = error == std::errc::result_out_of_range && text[0] != '-';
  if (end != text.data() + text.size() || (error != std::errc() && !is_large) || number < 0) {
    throw Error(variable + " is no number of " + unit + ": " + text);
  }
  return is_large ? kLongest : std::min(number, kLongest);
}

}  // namespace

Session::Session(Connection connection, std::chrono::milliseconds timeout, Terminal& terminal)
    : connection_(std::move(connection)),
      rpc_(connection_, timeout),
      group_leader_(rpc_, terminal),
      peer_requests_(rpc_) {
  rpc_.on_signal([this](const Signal& signal) {
    if (!peer_requests_.accept(signal) && signal.payload) group_leader_.accept(*signal.payload);
  });
}

std::chrono::milliseconds rpc_timeout(const sys::Environment& environment) {
  const long seconds = number_in(environment, "RELX_RPC_TIMEOUT", "seconds");
  const long milliseconds = number_in(environment, "NODETOOL_TIMEOUT", "milliseconds");
  if (seconds > 0) return std::chrono::seconds(seconds);
  if (milliseconds > 0) return std::chrono::milliseconds(milliseconds);
  return std::chrono::seconds(60);
}

}  // namespace relmk::node
