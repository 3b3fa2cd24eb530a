// Nodes and epmds that answer with nonsense, on ports of the loopback interface.
#include <chrono>
#include <thread>

#include "../unit/loopback.h"
#include "../unit/node/answering_node.h"
#include "node/commands/node_status.h"
#include "node/distribution/epmd.h"
#include "node/session/evaluator.h"
#include "node/session/odd_answer.h"
#include "node/session/session.h"
#include "targets.h"

namespace relmk::fuzz {
namespace {

using namespace relmk::node;

// What only talks closes the connection when it has no more to say: only a fault takes so long.
constexpr std::chrono::milliseconds kTimeout(10000);
// A node that answers may leave the one who asks waiting.
constexpr std::chrono::milliseconds kCall(20);

// Says its bytes to the one who connects, and nothing more.
class Talker {
 public:
  explicit Talker(std::string_view bytes)
      : thread_([this, text = std::string(bytes)] { talk(text); }) {}
  ~Talker() {
    listener_.end();
    thread_.join();
  }
  Talker(const Talker&) = delete;
  Talker& operator=(const Talker&) = delete;

  uint16_t port() const { return listener_.port(); }

 private:
  void talk(const std::string& text) const {
    const int peer = listener_.accept();
    if (peer < 0) return;
    if (::send(peer, text.data(), text.size(), MSG_NOSIGNAL) >= 0) ::shutdown(peer, SHUT_WR);
    char heard[1024];
    while (::recv(peer, heard, sizeof heard, 0) > 0) {
    }
    ::close(peer);
  }

  Loopback listener_;
  std::thread thread_;
};

class NoTerminal : public Terminal {
 public:
  void write(Rpc&, std::string_view) override {}
  Line read_line(Rpc&, const ReadRequest&) override { return {"a.\n"}; }
};

// Answers, one after the other: a byte that says in which form, and a term in the external format.
class Answers {
 public:
  explicit Answers(std::string_view bytes) : bytes_(bytes) {}

  // Sends the next one to what asked by `control` and `payload`; false where there is none.
  bool send(FakeNode& node, const Term& control, const Term& payload) {
    if (bytes_.size() < 2 || !control.is_tuple() || control.elements().size() < 3) return false;
    const int form = bytes_[0] & 3;
    bytes_.remove_prefix(1);
    try {
      const Term term = term::take_external(bytes_);
      if (form == 0) {
        node.send(term);
      } else if (form == 1 || control[0] != Term(29)) {
        node.send(Term::tuple({Term(2), Term::atom(""), control[2]}), term);
      } else if (form == 2) {
        answer_call(node, control, payload, term);
      } else {
        const Term tag = tag_of(payload);
        node.send(Term::tuple({Term(2), Term::atom(""), control[2]}),
                  Term::tuple({tag, Term::tuple({tag, term})}));
      }
    } catch (const Error&) {
      return false;
    }
    return true;
  }

 private:
  // Of the guardian's bindings, where `payload` starts one.
  static Term tag_of(const Term& payload) {
    try {
      return proplist_value(payload[3][1], "Tag").value_or(Term());
    } catch (const std::exception&) {
      return Term();
    }
  }

  std::string_view bytes_;
};

}  // namespace

void read_handshake(std::string_view bytes) {
  const Talker node(bytes);
  NodeAddress address;
  address.name = {"fake", "127.0.0.1"};
  address.port = node.port();
  const Connection connection(address, "secret", Deadline::after(kTimeout));
}

void read_epmd_answers(std::string_view bytes) {
  const InternetAddress loopback{AF_INET, std::string("\x7f\0\0\1", 4)};
  {
    const Talker epmd(bytes);
    registered_names(loopback, epmd.port(), Deadline::after(kTimeout));
  }
  const Talker epmd(bytes);
  look_up_port("fake", loopback, epmd.port(), Deadline::after(kTimeout));
}

void read_node_answers(std::string_view bytes) {
  Answers answers(bytes);
  FakeNode node;
  node.receive = [&](FakeNode& self, const Term& control, const Term& payload) {
    // Work has messages, and an end.
    const bool is_work = payload.is_tuple(6) && payload[1].is_atom("erl_eval");
    bool sent = answers.send(self, control, payload);
    for (int more = 0; more < 3 && sent && is_work; ++more)
      sent = answers.send(self, control, payload);
    return sent;
  };
  NoTerminal terminal;
  const NodeAddress address = node.listen();
  Session session(Connection(address, "secret", Deadline::after(kTimeout)), kCall, terminal);
  read_answers([&] {
    try {
      const NodeStatus status = ask_status(session.rpc());
      status_text(status);
      status_json(status);
    } catch (const RemoteError&) {
    }
    Evaluator evaluator(session.rpc(), session.group_leader(),
                        {[](std::string_view) {}, [](std::string_view) {}});
    evaluator.evaluate("a.");
    return 0;
  });
}

}  // namespace relmk::fuzz
