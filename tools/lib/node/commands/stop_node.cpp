// init drops an order while it still boots or restarts, so orders are given again until they are
// seen to work.
#include "node/commands/stop_node.h"

#include <fmt/core.h>

#include <thread>

#include "node/commands/os_process.h"
#include "node/distribution/node_error.h"
#include "node/session/lasting_session.h"
#include "node/session/standard_session.h"

namespace relmk::node {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kOrderPause(1000);

// The applications whose masters are alive. application_controller itself is busy stopping them,
// so its table is read instead.
std::string running_applications(LastingSession& session) {
  const Term master = Term::tuple(
      {Term::tuple({Term::atom("application_master"), Term::atom("$1")}), Term::atom("$2")});
  std::string names;
  try {
    const auto found = session.try_call("ets", "match", {Term::atom("ac_tab"), master});
    if (!found) return names;
    for (const Term& one : found->elements()) {
      const auto alive = session.try_call("erlang", "is_process_alive", {one[1]});
      if (alive && alive->is_atom("true")) {
        names += (names.empty() ? "" : ", ") + one[0].atom_text();
      }
    }
  } catch (const RemoteError&) {
    // The node is too far gone to say.
  }
  return names;
}

// An order to init, given once at first and then whenever it is due.
class Order {
 public:
  Order(LastingSession& session, const char* function) : session_(session), function_(function) {
    const Rpc& rpc = session_.rpc();
    try {
      session_.rpc().call("init", function_, {}, rpc.deadline());
    } catch (const NodeError& error) {
      if (error.reason() != NodeError::Reason::Down) throw;
    }
  }

  bool is_due() const { return next_.passed(); }
  void repeat() {
    try {
      session_.try_call("init", function_);
    } catch (const RemoteError&) {
      // It is busy with what it was told.
    }
    next_ = Deadline::after(kOrderPause);
  }

 private:
  LastingSession& session_;
  const char* function_;
  Deadline next_ = Deadline::after(kOrderPause);
};

// Asks `done` until it says so, or the time is over.
template <typename Done>
bool wait_until(const Deadline& deadline, Done done) {
  milliseconds pause(1);
  while (!done()) {
    if (deadline.passed()) return false;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, milliseconds(50));
  }
  return true;
}

// A node that was restarting when it was told to stop comes back in the same process. One of its
// name in another process is none of ours.
bool came_back(LastingSession& session, const OsProcess& process) {
  if (!process.is_visible() || !session.rejoin()) return false;
  try {
    return OsProcess(session.rpc()) == process;
  } catch (const Error&) {
    return false;
  }
}

std::string description(const LastingSession& session, const OsProcess& process) {
  return session.node() + (process.is_visible() ? fmt::format(" (process {})", process.id()) : "");
}

double seconds(milliseconds time) {
  return static_cast<double>(time.count()) / 1000.0;
}

// True once init has booted the node.
bool has_booted(LastingSession& session) {
  try {
    const auto status = session.try_call("init", "get_status");
    return status && status->is_tuple(2) && (*status)[0].is_atom("started");
  } catch (const RemoteError&) {
    return false;  // it has just begun to boot, or is about to end
  }
}

}  // namespace

void stop_node(const Target& target, milliseconds timeout, milliseconds patience) {
  LastingSession session(target, timeout);
  const OsProcess process(session.rpc());
  const Deadline deadline = Deadline::after(patience);
  Order order(session, "stop");
  const bool gone = wait_until(deadline, [&] {
    session.serve();
    if (process.is_visible() ? process.is_gone() : session.session() == nullptr) return true;
    if (order.is_due() && (session.session() != nullptr || came_back(session, process))) {
      order.repeat();
    }
    return false;
  });
  if (gone) {
    if (process.is_visible()) process.wait_until_reaped(milliseconds(200));
    return;
  }
  const std::string names = running_applications(session);
  throw Error(fmt::format("{} still runs {:g} seconds after it was told to stop{}{}",
                          description(session, process), seconds(patience),
                          names.empty() ? "" : "; not stopped yet: ", names));
}

void restart_node(const Target& target, milliseconds timeout, milliseconds patience) {
  LastingSession session(target, timeout);
  const OsProcess process(session.rpc());
  const Deadline deadline = Deadline::after(patience);
  Order order(session, "restart");
  bool went = false;
  const bool back = wait_until(deadline, [&] {
    session.serve();
    if (process.is_visible() && process.is_gone()) {
      throw Error(description(session, process) + " ended when it was told to restart");
    }
    if (session.session() == nullptr) {
      went = true;
      session.rejoin();
    }
    if (!has_booted(session)) return false;
    if (!went && order.is_due()) order.repeat();
    return went;
  });
  if (back) return;
  throw Error(fmt::format("{} has not {} {:g} seconds after it was told to restart",
                          description(session, process), went ? "started again" : "stopped",
                          seconds(patience)));
}

namespace {

// Why heart starts nothing; empty where it does.
std::string missing_of_heart(Rpc& rpc) {
  if (rpc.call("erlang", "whereis", {Term::atom("heart")}).is_atom("undefined")) {
    return "without heart (-heart in vm.args)";
  }
  const auto is_text = [](const Term& value) { return value.is_string() && !value.is_nil(); };
  if (is_text(rpc.call("os", "getenv", {Term::string("HEART_COMMAND")}))) return {};
  try {
    const Term command = rpc.call("heart", "get_cmd", {});
    if (command.is_tagged("ok", 2) && is_text(command[1])) return {};
  } catch (const RemoteError&) {
    // An old heart.
  }
  return "with a heart that has no command (HEART_COMMAND)";
}

}  // namespace

void reboot_node(const Target& target, milliseconds timeout) {
  StandardSession session(target, timeout);
  const std::string missing = missing_of_heart(session.rpc());
  session.rpc().call("init", "reboot", {});
  if (missing.empty()) return;
  sys::warn("", {},
            session.rpc().connection().node() + " ran " + missing +
                ": unless a supervisor does, nothing starts it again");
}

}  // namespace relmk::node
