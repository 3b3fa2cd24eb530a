#include "node/distribution/epmd.h"

#include <cstdlib>

#include "node/distribution/node_error.h"

namespace relmk::node {
namespace {

constexpr char kPortPlease2Request = 122;
constexpr char kPort2Response = 119;

std::string describe(const InternetAddress& address) {
  return "epmd at " + address.text() + " port " + std::to_string(epmd_port());
}

// epmd sends a refusal in two bytes, and a port in four; it takes its time to close the connection
// after that, so what follows is not waited for.
bool is_whole(const std::string& answer) {
  return answer.size() >= 4 || (answer.size() >= 2 && answer[1] != 0);
}

// Sends a request; returns the answer, which is not whole where epmd closed the connection first.
std::string ask(const InternetAddress& address, const std::string& request,
                const Deadline& deadline) {
  std::unique_ptr<Transport> transport;
  try {
    transport = connect_tcp(address, epmd_port(), deadline);
  } catch (const NodeError& error) {
    if (error.reason() != NodeError::Reason::Refused) throw;
    throw NodeError(NodeError::Reason::NoEpmd, "no " + describe(address) + ": " + error.message());
  }
  std::string message{static_cast<char>(request.size() >> 8), static_cast<char>(request.size())};
  message += request;
  std::string answer;
  if (!transport->send(message, deadline)) throw timeout_error(describe(address), deadline);
  char buffer[4096];
  while (!is_whole(answer)) {
    const long count = transport->receive(buffer, sizeof buffer, deadline);
    if (count < 0) throw timeout_error(describe(address), deadline);
    if (count == 0) break;
    answer.append(buffer, static_cast<size_t>(count));
  }
  return answer;
}

}  // namespace

uint16_t epmd_port() {
  const char* text = std::getenv("ERL_EPMD_PORT");
  const long port = text != nullptr ? std::strtol(text, nullptr, 10) : 0;
  return port > 0 && port <= 65535 ? static_cast<uint16_t>(port) : 4369;
}

uint16_t look_up_port(const std::string& name, const InternetAddress& address,
                      const Deadline& deadline) {
  const std::string answer = ask(address, kPortPlease2Request + name, deadline);
  if (answer.size() >= 2 && answer[0] == kPort2Response && answer[1] != 0) {
    throw NodeError(NodeError::Reason::NotRegistered,
                    "no node `" + name + "` is registered with " + describe(address));
  }
  if (answer.size() < 4 || answer[0] != kPort2Response) {
    throw NodeError(NodeError::Reason::NoEpmd,
                    "what answers is no " + describe(address) + ", or it refuses to");
  }
  return static_cast<uint16_t>(static_cast<unsigned char>(answer[2]) << 8 |
                               static_cast<unsigned char>(answer[3]));
}

}  // namespace relmk::node
