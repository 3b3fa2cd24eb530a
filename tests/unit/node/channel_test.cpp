#include "node/distribution/channel.h"

#include <deque>

#include "catch.h"
#include "fake_node.h"
#include "node/distribution/bytes.h"
#include "node/distribution/node_error.h"
#include "term/external.h"

namespace node_channel_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// Gives the pieces that are to come, one at a time, then nothing; keeps what is sent.
struct Wire {
  std::deque<std::string> pieces;
  bool closes = false;
  bool is_stuck = false;
  std::string sent;
};

class WireTransport : public Transport {
 public:
  explicit WireTransport(Wire& wire) : wire_(wire) {}
  long receive(char* buffer, size_t size, const Deadline&) override {
    if (wire_.pieces.empty()) return wire_.closes ? 0 : -1;
    std::string& piece = wire_.pieces.front();
    const size_t count = std::min(size, piece.size());
    piece.copy(buffer, count);
    piece.erase(0, count);
    if (piece.empty()) wire_.pieces.pop_front();
    return static_cast<long>(count);
  }
  bool send(std::string_view bytes, const Deadline&) override {
    wire_.sent += bytes;
    return !wire_.is_stuck;
  }
  int descriptor() const override { return -1; }

 private:
  Wire& wire_;
};

std::string packet(const std::string& message) {
  std::string out;
  append_number(out, message.size(), 4);
  return out + message;
}

const Term kControl = Term::tuple({Term(2), Term::atom(""), Term(7)});
const Deadline kDeadline = Deadline::never();

std::string signal(const Term& payload) {
  return packet(message_of(kControl, payload));
}

NodeError::Reason reason_of(Channel& channel) {
  try {
    channel.receive(kDeadline);
  } catch (const NodeError& error) {
    return error.reason();
  }
  FAIL("no error");
  return {};
}

}  // namespace

TEST_CASE("channel: takes no message that is announced too long") {
  // 4 GB, less a byte; and one more than is taken, of which nothing has come yet.
  for (const char* announced : {"\xff\xff\xff\xff", "\x10\x01\x01\x01"}) {
    Wire wire;
    wire.pieces = {std::string(announced, 4)};
    Channel channel(std::make_unique<WireTransport>(wire), "node");
    CHECK_THROWS_WITH(channel.receive(kDeadline),
                      Catch::Matchers::ContainsSubstring("more than the 268435456 that are taken"));
  }
}

TEST_CASE("channel: a signal and what goes with it, in however many pieces it comes") {
  Wire wire;
  for (const char byte : signal(Term::atom("a")) + packet(message_of(kControl)))
    wire.pieces.emplace_back(1, byte);
  Channel channel(std::make_unique<WireTransport>(wire), "a@b");
  const auto first = channel.receive(kDeadline);
  REQUIRE(first);
  CHECK(first->is(Operation::Send));
  CHECK_FALSE(first->is(Operation::Link));
  CHECK(first->payload == Term::atom("a"));
  const auto second = channel.receive(kDeadline);
  REQUIRE(second);
  CHECK_FALSE(second->payload);
  CHECK_FALSE(channel.receive(kDeadline));
}

TEST_CASE("channel: what came with another message is pending") {
  Wire wire;
  wire.pieces = {signal(1) + signal(2)};
  Channel channel(std::make_unique<WireTransport>(wire), "a@b");
  CHECK_FALSE(channel.has_pending());
  channel.receive(kDeadline);
  CHECK(channel.has_pending());
  channel.receive(kDeadline);
  CHECK_FALSE(channel.has_pending());
}

TEST_CASE("channel: ticks are answered on the way") {
  Wire wire;
  wire.pieces = {packet(""), signal(1)};
  Channel channel(std::make_unique<WireTransport>(wire), "a@b");
  CHECK(channel.receive(kDeadline));
  CHECK(wire.sent == packet(""));
}

TEST_CASE("channel: what is sent has its length in front") {
  Wire wire;
  Channel channel(std::make_unique<WireTransport>(wire), "a@b");
  channel.send(kControl, Term(5), kDeadline);
  CHECK(wire.sent == signal(5));
  wire.is_stuck = true;
  CHECK_THROWS_AS(channel.send(kControl, kDeadline), NodeError);
}

TEST_CASE("channel: what is no signal, or too long, or the end of the connection") {
  Wire wire;
  Channel channel(std::make_unique<WireTransport>(wire), "a@b");
  wire.pieces = {packet("D")};
  CHECK(reason_of(channel) == NodeError::Reason::Incompatible);
  wire.pieces = {packet("p" + term::encode_external(kControl))};
  CHECK(reason_of(channel) == NodeError::Reason::Incompatible);
  Wire other;
  std::string length;
  append_number(length, Channel::kLongestMessage + 1, 4);
  other.pieces = {length};
  Channel long_one(std::make_unique<WireTransport>(other), "a@b");
  CHECK(reason_of(long_one) == NodeError::Reason::Incompatible);
  Wire closed;
  closed.closes = true;
  Channel ended(std::make_unique<WireTransport>(closed), "a@b");
  CHECK(reason_of(ended) == NodeError::Reason::Down);
}

}  // namespace node_channel_test
