// Messages between connected nodes (ERTS User's Guide, "Distribution Protocol", "Protocol between
// Connected Nodes"), without fragments.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/distribution/header.h"
#include "node/distribution/transport.h"
#include "term/term.h"

namespace relmk::node {

// The first element of a control message.
enum class Operation : int {
  Link = 1,
  Send = 2,
  Exit = 3,
  RegSend = 6,
  Exit2 = 8,
  MonitorP = 19,
  DemonitorP = 20,
  MonitorPExit = 21,
  SendSender = 22,
  PayloadExit = 24,
  PayloadExit2 = 26,
  PayloadMonitorPExit = 28,
  SpawnRequest = 29,
  SpawnReply = 31,
  UnlinkId = 35,
  UnlinkIdAck = 36,
};

struct Signal {
  Term control;  // {Operation, …}
  std::optional<Term> payload;

  bool is(Operation operation) const {
    return control[0].is_small_integer() && control[0].as_integer() == static_cast<int>(operation);
  }
};

class Channel {
 public:
  // Bytes. A guardian sends what is long in pieces, so no message of ours comes near it.
  static constexpr size_t kLongestMessage = size_t{256} << 20;

  // `node` is for error messages.
  Channel(std::unique_ptr<Transport> transport, std::string node);

  // Throws NodeError: Down, Timeout. ATOM_CACHE_REFs in the payload stand for `atoms`.
  void send(const Term& control, const Deadline& deadline);
  void send(const Term& control, const Term& payload, const Deadline& deadline,
            const NamedAtoms& atoms = {});
  // Tells the node that we are still there.
  void tick(const Deadline& deadline) { send_message({}, deadline); }
  // The next signal; nullopt when none came before the deadline. Ticks are answered on the way.
  // Throws NodeError: Down when the node closed the connection, Incompatible for what is no signal,
  // or is longer than kLongestMessage.
  std::optional<Signal> receive(const Deadline& deadline);

  int descriptor() const { return transport_->descriptor(); }
  // True when receive() may have something that poll() on the descriptor does not show.
  bool has_pending() const;
  const std::string& node() const { return node_; }

 private:
  // The next message, less its length; an empty one is a tick.
  std::optional<std::string> receive_message(const Deadline& deadline);
  std::vector<std::string> take_header(std::string_view& message);
  // The first message of `received_`, which is there whole and so long.
  std::string take_message(size_t size);
  void send_message(const std::string& message, const Deadline& deadline);

  std::unique_ptr<Transport> transport_;
  std::string node_;
  AtomCache atoms_;
  std::string received_;  // bytes of messages
  size_t taken_ = 0;      // those of them that are handed out
};

}  // namespace relmk::node
