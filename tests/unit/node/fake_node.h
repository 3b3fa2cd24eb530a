// The other side of a connection: a node of a few lines, on a port of the loopback interface.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "../loopback.h"
#include "node/distribution/bytes.h"
#include "node/distribution/connection.h"
#include "node/distribution/header.h"
#include "term/atom_references.h"
#include "term/external.h"

// A message between connected nodes.
template <typename... Terms>
std::string message_of(const Terms&... terms) {
  return (relmk::node::encode_header() + ... + relmk::term::encode_external(terms).substr(1));
}

struct FakeNode {
  std::string name = "fake@127.0.0.1";  // what it says to be
  std::string cookie = "secret";
  std::string status = "named:";  // anything else is said as it is
  uint64_t flags = 0xfffffffff;   // of the distribution: what it can do
  uint64_t demands = 0;           // and what it turns others away for that can't
  // Gets each message after the handshake; the connection is closed when it returns false.
  std::function<bool(FakeNode&, const relmk::Term& control, const relmk::Term& payload)> receive;
  std::atomic<int> ticks = 0;  // that came

  ~FakeNode() {
    listener.end();
    if (thread.joinable()) thread.join();
  }

  relmk::node::NodeAddress listen() {
    thread = std::thread([this] { serve(); });
    relmk::node::NodeAddress node;
    node.name = {"fake", "127.0.0.1"};
    node.port = listener.port();
    return node;
  }

  void send(const relmk::Term& control) { put(4, message_of(control)); }
  void send(const relmk::Term& control, const relmk::Term& payload) {
    put(4, message_of(control, payload));
  }
  void tick() { put(4, ""); }
  // Messages as they are sent, each with its length.
  void send_packets(const std::string& packets) {
    size_t sent = 0;
    while (sent < packets.size()) {
      const ssize_t count =
          ::send(peer, packets.data() + sent, packets.size() - sent, MSG_NOSIGNAL);
      if (count < 0) return;
      sent += static_cast<size_t>(count);
    }
  }
  // {SEND, '', To} with a message, byte by byte.
  void send_slowly(const relmk::Term& to, const relmk::Term& message) {
    const std::string text =
        message_of(relmk::Term::tuple({relmk::Term(2), relmk::Term::atom(""), to}), message);
    std::string packet;
    relmk::node::append_number(packet, text.size(), 4);
    packet += text;
    for (const char byte : packet) {
      if (::send(peer, &byte, 1, MSG_NOSIGNAL) != 1) return;
    }
  }

 private:
  Loopback listener;
  relmk::node::AtomCache atoms;
  int peer = -1;
  std::thread thread;

  void put(size_t length_size, const std::string& message) {
    std::string packet;
    relmk::node::append_number(packet, message.size(), length_size);
    packet += message;
    if (::send(peer, packet.data(), packet.size(), MSG_NOSIGNAL) < 0) return;
  }

  bool get(size_t length_size, std::string& message) {
    std::string head(length_size, '\0');
    if (::recv(peer, head.data(), length_size, MSG_WAITALL) != static_cast<ssize_t>(length_size)) {
      return false;
    }
    message.assign(relmk::node::number_at(head, 0, length_size), '\0');
    return message.empty() || ::recv(peer, message.data(), message.size(), MSG_WAITALL) ==
                                  static_cast<ssize_t>(message.size());
  }

  bool shake_hands() {
    std::string message;
    if (!get(2, message) || message[0] != 'N') return false;
    if ((relmk::node::number_at(message, 1, 8) & demands) != demands) return false;
    if (status == "named:") {
      const std::string given = "XYZ@here";
      std::string named = "snamed:";
      relmk::node::append_number(named, given.size(), 2);
      named += given;
      relmk::node::append_number(named, 77, 4);
      put(2, named);
    } else {
      put(2, "s" + status);
      return false;
    }
    std::string challenge = "N";
    relmk::node::append_number(challenge, flags, 8);
    relmk::node::append_number(challenge, 12345, 4);
    relmk::node::append_number(challenge, 1, 4);
    relmk::node::append_number(challenge, name.size(), 2);
    put(2, challenge + name);
    if (!get(2, message) || message.size() != 21) return false;
    if (message.substr(5) != relmk::node::challenge_digest(cookie, 12345)) return false;
    const auto theirs = static_cast<uint32_t>(relmk::node::number_at(message, 1, 4));
    put(2, "a" + relmk::node::challenge_digest(cookie, theirs));
    return true;
  }

  void serve() {
    peer = listener.accept();
    if (peer < 0) return;
    std::string message;
    if (shake_hands()) {
      while (get(4, message)) {
        if (message.empty()) {
          ++ticks;
          continue;
        }
        std::string_view rest = message;
        const std::vector<std::string> named = atoms.take_header(rest);
        const relmk::Term control =
            relmk::term::decode_external(relmk::term::take_referring_term(rest, named));
        const relmk::Term payload =
            rest.empty()
                ? relmk::Term()
                : relmk::term::decode_external(relmk::term::take_referring_term(rest, named));
        if (!receive || !receive(*this, control, payload)) break;
      }
    }
    ::close(peer);
  }
};
