#include "node/distribution/channel.h"

#include <fmt/core.h>

#include <utility>

#include "node/distribution/bytes.h"
#include "node/distribution/node_error.h"
#include "term/external.h"

namespace relmk::node {
namespace {

constexpr char kPassThrough = 112;
constexpr size_t kLengthSize = 4;

size_t message_size(std::string_view received) {
  return received.size() < kLengthSize ? SIZE_MAX : number_at(received, 0, kLengthSize);
}

}  // namespace

Channel::Channel(std::unique_ptr<Transport> transport, std::string node)
    : transport_(std::move(transport)), node_(std::move(node)) {}

void Channel::send_message(const std::string& message, const Deadline& deadline) {
  std::string packet;
  append_number(packet, message.size(), kLengthSize);
  packet += message;
  if (!transport_->send(packet, deadline)) throw timeout_error(node_, deadline);
}

void Channel::send(const Term& control, const Deadline& deadline) {
  send_message(kPassThrough + term::encode_external(control), deadline);
}

void Channel::send(const Term& control, const Term& payload, const Deadline& deadline) {
  send_message(kPassThrough + term::encode_external(control) + term::encode_external(payload),
               deadline);
}

bool Channel::has_pending() const {
  const std::string_view rest = std::string_view(received_).substr(taken_);
  const size_t size = message_size(rest);
  return (size != SIZE_MAX && rest.size() >= kLengthSize + size) || transport_->has_pending();
}

std::optional<std::string> Channel::receive_message(const Deadline& deadline) {
  for (;;) {
    const std::string_view rest = std::string_view(received_).substr(taken_);
    const size_t size = message_size(rest);
    if (size != SIZE_MAX && size > kLongestMessage) {
      throw NodeError(NodeError::Reason::Incompatible,
                      fmt::format("{} announced a message of {} bytes, more than the {} that are "
                                  "taken at once",
                                  node_, size, kLongestMessage));
    }
    if (size != SIZE_MAX && rest.size() - kLengthSize >= size) {
      taken_ += kLengthSize + size;
      return std::string(rest.substr(kLengthSize, size));
    }
    received_.erase(0, std::exchange(taken_, 0));
    char buffer[16384];
    const long count = transport_->receive(buffer, sizeof buffer, deadline);
    if (count < 0) return std::nullopt;
    if (count == 0) throw NodeError(NodeError::Reason::Down, node_ + " closed the connection");
    received_.append(buffer, static_cast<size_t>(count));
  }
}

std::optional<Signal> Channel::receive(const Deadline& deadline) {
  for (LastLook look(deadline);;) {
    const std::optional<std::string> message = receive_message(deadline);
    if (!message) return std::nullopt;
    if (message->empty()) {
      tick(deadline);
      if (look.is_over()) return std::nullopt;
      continue;
    }
    if (message->front() != kPassThrough) {
      throw NodeError(NodeError::Reason::Incompatible,
                      node_ + " sent a message of a form that was not agreed on");
    }
    std::string_view rest = std::string_view(*message).substr(1);
    Signal signal;
    signal.control = term::take_external(rest);
    if (!rest.empty()) signal.payload = term::take_external(rest, term::DeepTerms::Opaque);
    if (signal.control.is_tuple() && !signal.control.elements().empty()) return signal;
  }
}

}  // namespace relmk::node
