#include "node/distribution/handshake.h"

#include <fmt/core.h>
#include <md5.h>

#include <bit>

#include "node/distribution/bytes.h"
#include "node/distribution/node_error.h"
#include "sys/host_name.h"
#include "sys/random_bytes.h"
#include "sys/utf8.h"

namespace relmk::node {
namespace {

// Distribution flags, kernel's dist.hrl.
constexpr uint64_t kExtendedReferences = 0x4;
constexpr uint64_t kDistMonitor = 0x8;
constexpr uint64_t kFunTags = 0x10;
constexpr uint64_t kDistMonitorName = 0x20;
constexpr uint64_t kNewFunTags = 0x80;
constexpr uint64_t kExtendedPidsPorts = 0x100;
constexpr uint64_t kExportPtrTag = 0x200;
constexpr uint64_t kBitBinaries = 0x400;
constexpr uint64_t kNewFloats = 0x800;
constexpr uint64_t kUnicodeIo = 0x1000;
constexpr uint64_t kHeaderAtomCache = 0x2000;
constexpr uint64_t kSmallAtomTags = 0x4000;
constexpr uint64_t kUtf8Atoms = 0x10000;
constexpr uint64_t kMapTag = 0x20000;
constexpr uint64_t kBigCreation = 0x40000;
constexpr uint64_t kSendSender = 0x80000;
constexpr uint64_t kExitPayload = 0x400000;
constexpr uint64_t kHandshake23 = 0x1000000;
constexpr uint64_t kUnlinkId = 0x2000000;
constexpr uint64_t kMandatory25Digest = 0x4000000;
constexpr uint64_t kSpawn = uint64_t{1} << 32;
constexpr uint64_t kNameMe = uint64_t{2} << 32;
constexpr uint64_t kV4Nc = uint64_t{4} << 32;

// The ones that OTP 25 folded into one, together with it: nodes before 25 want each, nodes from 27
// on want the one. DIST_MONITOR without DIST_MONITOR_NAME gets no DOWN. No FRAGMENTS: messages
// then come whole.
constexpr uint64_t kOurFlags =
    kExtendedReferences | kDistMonitor | kDistMonitorName | kFunTags | kNewFunTags |
    kExtendedPidsPorts | kExportPtrTag | kBitBinaries | kNewFloats | kUnicodeIo | kHeaderAtomCache |
    kSmallAtomTags | kUtf8Atoms | kMapTag | kBigCreation | kSendSender | kExitPayload |
    kHandshake23 | kUnlinkId | kMandatory25Digest | kSpawn | kNameMe | kV4Nc;

// What OTP 25's flag stands for (MANDATORY_DFLAGS_25): a node may send it in their place.
constexpr uint64_t kMandatory25 = kExtendedReferences | kFunTags | kExtendedPidsPorts |
                                  kNewFunTags | kExportPtrTag | kBitBinaries | kNewFloats |
                                  kUtf8Atoms | kMapTag | kBigCreation | kHandshake23;

// Without these a node does not understand how we ask it. OTP 23 has them all.
constexpr uint64_t kNeededFlags = kMandatory25 | kDistMonitor | kDistMonitorName |
                                  kHeaderAtomCache | kSendSender | kExitPayload | kSpawn;

constexpr size_t kLongestMessage = 0xffff;

NodeError incompatible(const std::string& node, const std::string& what) {
  return {NodeError::Reason::Incompatible, node + " " + what};
}

NodeError not_erlang(const std::string& node) {
  return incompatible(node,
                      "ended the handshake: it is older than OTP 23, demands distribution flags "
                      "that nodetool lacks (its log names them), speaks another -proto_dist, or "
                      "is no Erlang node");
}

class Dialogue {
 public:
  Dialogue(Transport& transport, const std::string& node, const Deadline& deadline)
      : transport_(transport), node_(node), deadline_(deadline) {}

  void send(const std::string& message) {
    std::string packet;
    append_number(packet, message.size(), transport_.handshake_length_size());
    packet += message;
    if (!transport_.send(packet, deadline_)) throw timeout_error(node_, deadline_);
  }

  // The next message; empty when the node closed the connection.
  std::string receive() {
    std::string head;
    const size_t length_size = transport_.handshake_length_size();
    if (!read(head, length_size)) return {};
    // A TLS alert, of version 3.
    if (length_size == 2 && head == "\x15\x03") {
      throw incompatible(node_, "speaks TLS: its -proto_dist is inet_tls or inet6_tls");
    }
    const size_t size = number_at(head, 0, length_size);
    if (size > kLongestMessage) throw not_erlang(node_);
    std::string message;
    read(message, size);
    return message;
  }

 private:
  // No more than is wanted: bytes beyond the handshake stay in the transport.
  bool read(std::string& out, size_t size) {
    out.resize(size);
    for (size_t have = 0; have < size;) {
      const long count = transport_.receive(out.data() + have, size - have, deadline_);
      if (count < 0) throw timeout_error(node_, deadline_);
      if (count == 0) {
        out.clear();
        return false;
      }
      have += static_cast<size_t>(count);
    }
    return true;
  }

  Transport& transport_;
  const std::string& node_;
  const Deadline& deadline_;
};

// <<"N", Flags:64, Creation:32, Length:16, Host>>: with NAME_ME only the host is ours to say.
std::string name_message() {
  const std::string name = sys::host_name();
  const std::string host = name.empty() ? "localhost" : name;
  std::string message = "N";
  append_number(message, kOurFlags, 8);
  append_number(message, 0, 4);
  append_number(message, host.size(), 2);
  return message + host;
}

void take_status(const std::string& status, const std::string& node, Handshake& result) {
  if (status.empty()) throw not_erlang(node);
  if (status == "snot_allowed") {
    throw NodeError(NodeError::Reason::NotAllowed,
                    node + " does not allow connections from this host (net_kernel:allow/1)");
  }
  const std::string named = "snamed:";
  if (status.compare(0, named.size(), named) != 0 || status.size() < named.size() + 2) {
    throw incompatible(node, "answered the handshake with something unknown");
  }
  const size_t length = number_at(status, named.size(), 2);
  if (status.size() < named.size() + 2 + length + 4) {
    throw incompatible(node, "answered the handshake with something unknown");
  }
  result.our_name = status.substr(named.size() + 2, length);
  result.our_creation = static_cast<uint32_t>(number_at(status, named.size() + 2 + length, 4));
}

// <<"N", Flags:64, Challenge:32, Creation:32, Length:16, Name>>. Returns the challenge.
uint32_t take_challenge(const std::string& message, const std::string& node) {
  if (message.size() < 19 || message[0] != 'N') {
    throw incompatible(node, "sent no challenge of OTP 23 or later");
  }
  const size_t length = number_at(message, 17, 2);
  const std::string name = message.substr(19, length);
  if (name != node) {
    throw NodeError(NodeError::Reason::OtherNode,
                    "the node that answers is " + name + ", not " + node);
  }
  uint64_t flags = number_at(message, 1, 8);
  if ((flags & kMandatory25Digest) != 0) flags |= kMandatory25;
  if (const uint64_t missing = kNeededFlags & ~flags; missing != 0) {
    throw incompatible(
        node, fmt::format("is older than OTP 23: it lacks distribution flags {:#x}", missing));
  }
  return static_cast<uint32_t>(number_at(message, 9, 4));
}

// The bytes of atom_to_list(Cookie): a VM reads its arguments as UTF-8.
std::string cookie_bytes(const std::string& cookie) {
  std::string bytes;
  for (const char32_t c : sys::code_points(cookie)) {
    if (c > 0xff) return cookie;  // with which no node can be joined
    bytes += static_cast<char>(c);
  }
  return bytes;
}

}  // namespace

std::string challenge_digest(const std::string& cookie, uint32_t challenge) {
  const std::string text = cookie_bytes(cookie) + std::to_string(challenge);
  MD5_CTX context;
  MD5Init(&context);
  MD5Update(&context, reinterpret_cast<const uint8_t*>(text.data()), text.size());
  uint8_t digest[MD5_DIGEST_LENGTH];
  MD5Final(digest, &context);
  return {reinterpret_cast<const char*>(digest), sizeof digest};
}

Handshake shake_hands(Transport& transport, const std::string& node, const std::string& cookie,
                      const Deadline& deadline) {
  Dialogue dialogue(transport, node, deadline);
  Handshake result;
  dialogue.send(name_message());
  take_status(dialogue.receive(), node, result);
  const uint32_t their_challenge = take_challenge(dialogue.receive(), node);
  const auto our_challenge = std::bit_cast<uint32_t>(sys::random_bytes<4>());
  std::string reply = "r";
  append_number(reply, our_challenge, 4);
  dialogue.send(reply + challenge_digest(cookie, their_challenge));
  // A node that does not like the digest closes the connection without a word.
  const std::string answer = dialogue.receive();
  if (answer.empty() || answer != "a" + challenge_digest(cookie, our_challenge)) {
    throw NodeError(NodeError::Reason::WrongCookie, node + " runs with another cookie");
  }
  return result;
}

}  // namespace relmk::node
