#include "node/distribution/epmd.h"

#include <algorithm>
#include <cstdlib>

#include "node/distribution/node_error.h"

namespace relmk::node {
namespace {

constexpr char kPortPlease2Request = 122;
constexpr char kPort2Response = 119;
constexpr char kNamesRequest = 110;
constexpr size_t kLongestAnswer = 1 << 20;

// An epmd, and how long it may take.
class Epmd {
 public:
  Epmd(const InternetAddress& address, uint16_t port, const Deadline& deadline)
      : address_(address), port_(port), deadline_(deadline) {}

  std::string description() const {
    return "epmd at " + address_.text() + " port " + std::to_string(port_);
  }

  // Sends a request, and reads until the answer is whole or epmd closes the connection.
  std::string ask(const std::string& request, bool (*is_whole)(const std::string&)) const {
    const std::unique_ptr<Transport> transport = connect();
    std::string message{static_cast<char>(request.size() >> 8), static_cast<char>(request.size())};
    message += request;
    if (!transport->send(message, deadline_)) throw silent();
    std::string answer;
    char buffer[4096];
    while (!is_whole(answer) && answer.size() < kLongestAnswer) {
      const long count = transport->receive(buffer, sizeof buffer, deadline_);
      if (count < 0) throw silent();
      if (count == 0) break;
      answer.append(buffer, static_cast<size_t>(count));
    }
    return answer;
  }

  NodeError silent() const {
    return {NodeError::Reason::EpmdSilent, timeout_error(description(), deadline_).message()};
  }

  NodeError not_epmd() const {
    return {NodeError::Reason::NoEpmd,
            "what answers is no " + description() + ", or it refuses to"};
  }

 private:
  std::unique_ptr<Transport> connect() const {
    try {
      return connect_tcp(address_, port_, deadline_);
    } catch (const NodeError& error) {
      if (error.reason() != NodeError::Reason::Refused) throw;
      throw NodeError(NodeError::Reason::NoEpmd, "no " + description() + ": " + error.message());
    }
  }

  const InternetAddress& address_;
  uint16_t port_;
  const Deadline& deadline_;
};

// epmd sends a refusal in two bytes, and a port in four; it takes its time to close the connection
// after that, so what follows is not waited for.
bool is_whole_port(const std::string& answer) {
  return answer.size() >= 4 || (answer.size() >= 2 && answer[1] != 0);
}

}  // namespace

uint16_t look_up_port(const std::string& name, const InternetAddress& address, uint16_t epmd_port,
                      const Deadline& deadline) {
  const Epmd epmd(address, epmd_port, deadline);
  const std::string answer = epmd.ask(kPortPlease2Request + name, is_whole_port);
  if (answer.size() >= 2 && answer[0] == kPort2Response && answer[1] != 0) {
    throw NodeError(NodeError::Reason::NotRegistered,
                    "no node `" + name + "` is registered with " + epmd.description());
  }
  if (answer.size() < 4 || answer[0] != kPort2Response) throw epmd.not_epmd();
  return static_cast<uint16_t>(static_cast<unsigned char>(answer[2]) << 8 |
                               static_cast<unsigned char>(answer[3]));
}

// <<EpmdPort:32, "name NAME at port PORT\n", …>>
std::vector<RegisteredName> registered_names(const InternetAddress& address, uint16_t epmd_port,
                                             const Deadline& deadline) {
  const Epmd epmd(address, epmd_port, deadline);
  const std::string answer =
      epmd.ask(std::string(1, kNamesRequest), [](const std::string&) { return false; });
  if (answer.size() < 4) throw epmd.not_epmd();
  constexpr std::string_view kBefore = "name ", kAfter = " at port ";
  std::vector<RegisteredName> names;
  for (size_t at = 4; at < answer.size();) {
    const size_t end = std::min(answer.find('\n', at), answer.size());
    const std::string_view line = std::string_view(answer).substr(at, end - at);
    const size_t name_end = line.rfind(kAfter);
    if (line.starts_with(kBefore) && name_end != line.npos && name_end > kBefore.size()) {
      const std::string port(line.substr(name_end + kAfter.size()));
      names.push_back({std::string(line.substr(kBefore.size(), name_end - kBefore.size())),
                       static_cast<uint16_t>(std::strtoul(port.c_str(), nullptr, 10))});
    }
    at = end + 1;
  }
  return names;
}

}  // namespace relmk::node
