#include "node/distribution/channel.h"

#include <fmt/core.h>

#include <utility>

#include "node/distribution/bytes.h"
#include "node/distribution/node_error.h"
#include "term/atom_references.h"
#include "term/external.h"

namespace relmk::node {
namespace {

constexpr size_t kLengthSize = 4;

std::string without_version(const Term& term) {
  return term::encode_external(term).substr(1);
}

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
  send_message(encode_header() + without_version(control), deadline);
}

void Channel::send(const Term& control, const Term& payload, const Deadline& deadline,
                   const NamedAtoms& atoms) {
  send_message(encode_header(atoms) + without_version(control) + without_version(payload),
               deadline);
}

bool Channel::has_pending() const {
  const std::string_view rest = std::string_view(received_).substr(taken_);
  const size_t size = message_size(rest);
  return (size != SIZE_MAX && rest.size() >= kLengthSize + size) || transport_->has_pending();
}

// A message may be large: what came alone is moved.
std::string Channel::take_message(size_t size) {
  if (taken_ == 0 && received_.size() == kLengthSize + size) {
    std::string message = std::exchange(received_, {});
    message.erase(0, kLengthSize);
    return message;
  }
  const size_t begin = taken_ + kLengthSize;
  taken_ = begin + size;
  return received_.substr(begin, size);
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
    if (size != SIZE_MAX && rest.size() - kLengthSize >= size) return take_message(size);
    received_.erase(0, std::exchange(taken_, 0));
    char buffer[16384];
    const long count = transport_->receive(buffer, sizeof buffer, deadline);
    if (count < 0) return std::nullopt;
    if (count == 0) throw NodeError(NodeError::Reason::Down, node_ + " closed the connection");
    received_.append(buffer, static_cast<size_t>(count));
  }
}

std::vector<std::string> Channel::take_header(std::string_view& message) {
  try {
    return atoms_.take_header(message);
  } catch (const Error&) {
    throw NodeError(NodeError::Reason::Incompatible,
                    node_ + " sent a message of a form that was not agreed on");
  }
}

std::optional<Signal> Channel::receive(const Deadline& deadline) {
  for (LastLook look(deadline);;) {
    std::optional<std::string> message = receive_message(deadline);
    if (!message) return std::nullopt;
    if (message->empty()) {
      tick(deadline);
      if (look.is_over()) return std::nullopt;
      continue;
    }
    std::string_view rest = *message;
    const std::vector<std::string> atoms = take_header(rest);
    Signal signal;
    signal.control = term::decode_external(term::take_referring_term(rest, atoms, kLongestMessage));
    if (!rest.empty()) {
      const std::string payload = term::take_referring_term(rest, atoms, kLongestMessage);
      message.reset();  // which may be large
      std::string_view bytes = payload;
      signal.payload = term::take_external(bytes, term::DeepTerms::Opaque);
    }
    if (signal.control.is_tuple() && !signal.control.elements().empty()) return signal;
  }
}

}  // namespace relmk::node
