#include "node/session/join.h"

#include <fmt/core.h>

#include <algorithm>
#include <thread>

#include "node/distribution/node_error.h"
#include "node/session/node_process.h"

namespace relmk::node {
namespace {

using std::chrono::milliseconds;

constexpr const char* kEpmdHangs = "epmd hangs: end it, and start it again (`epmd -daemon`)";

// A port that serves something else may say nothing for ever, and there may be several.
milliseconds time_of_port(milliseconds timeout) {
  constexpr milliseconds kShort(1000);
  return std::max(kShort, timeout / 10);
}

NodeError with_hint(NodeError error, std::string hint) {
  if (!hint.empty()) std::move(error).with_hint(std::move(hint));
  return error;
}

// The names that epmd knows; empty where it knows none, or there is none.
std::string known_names(const NodeAddress& node, milliseconds timeout) {
  std::string names;
  try {
    const Deadline deadline = Deadline::after(timeout);
    const std::string host = node.interface.empty() ? node.name.host : node.interface;
    for (const InternetAddress& address :
         resolve_host(host, node.family, node.resolver_files, deadline)) {
      for (const RegisteredName& known : registered_names(address, node.epmd_port, deadline))
        names += (names.empty() ? "" : ", ") + known.name;
      break;
    }
  } catch (const NodeError&) {
    // Its failure has been told.
  }
  return names;
}

// The one of the process's ports on which the node is joined; nullopt where none is.
std::optional<uint16_t> find_port(const Target& target, const NodeProcess& process,
                                  milliseconds timeout) {
  for (const uint16_t port : process.ports) {
    NodeAddress address = target.address;
    address.port = port;
    try {
      Connection(address, target.cookie.value, Deadline::after(time_of_port(timeout)));
      return port;
    } catch (const NodeError&) {
      // It serves something else.
    }
  }
  return std::nullopt;
}

std::string hint_for_hanging(const NodeProcess& process) {
  if (process.is_stopped) {
    return fmt::format("process {0} is stopped: `kill -CONT {0}` lets it go on", process.id);
  }
  if (!process.crash_dump.empty()) {
    return fmt::format("process {} ends: it writes its crash dump to {}", process.id,
                       process.crash_dump.string());
  }
  if (process.is_new) {
    return fmt::format("process {} has just been started: try again when the node is up",
                       process.id);
  }
  return fmt::format(
      "process {0} hangs: `kill -USR1 {0}` ends it with a crash dump, `kill -KILL {0}` without one",
      process.id);
}

// The node is there, though epmd does not say so, or not on the port that it says.
NodeError runs_unknown(const NodeError& error, const Target& target, const NodeProcess& process,
                       milliseconds timeout) {
  const NodeError told(NodeError::Reason::Unreachable,
                       fmt::format("{} runs as process {}, but {}", target.address.name.text(),
                                   process.id, error.message()));
  if (process.is_stopped) return with_hint(told, hint_for_hanging(process));
  const std::optional<uint16_t> port = find_port(target, process, timeout);
  std::string hint = port ? fmt::format("ERL_DIST_PORT={} reaches it", *port) : "";
  if (error.reason() == NodeError::Reason::EpmdSilent) {
    hint += (port ? "; or " : "") + std::string(kEpmdHangs) + ": the node registers with it again";
  } else if (error.reason() == NodeError::Reason::NoEpmd) {
    hint += fmt::format("{}start epmd (`epmd -daemon`): the node registers with it again",
                        port ? "; or " : "");
  } else if (!port) {
    const bool is_clear = process.is_new || !process.crash_dump.empty();
    hint = (is_clear ? "" : "it is still starting, or ") + hint_for_hanging(process);
  }
  // Nodes of one name may be registered with several epmds.
  const bool is_elsewhere =
      !target.address.port && process.epmd_port && *process.epmd_port != target.address.epmd_port;
  if (is_elsewhere) {
    hint += fmt::format(
        "; process {} knows epmd at port {}: if it is another node, this one is not running",
        process.id, *process.epmd_port);
  }
  return with_hint(told, hint);
}

}  // namespace

NodeError explained(const NodeError& error, const Target& target, milliseconds timeout) {
  using Reason = NodeError::Reason;
  const bool is_timeout = error.reason() == Reason::Timeout;
  const bool is_epmd = error.reason() == Reason::EpmdSilent;
  if (is_timeout || is_epmd || error.is_not_running()) {
    const auto process = find_node_process(target.address.name);
    if (process && is_timeout) return with_hint(error, hint_for_hanging(*process));
    if (process) return runs_unknown(error, target, *process, timeout);
    if (is_epmd) return with_hint(error, kEpmdHangs);
    if (is_timeout) return error;
    // relx's words first: scripts know them.
    const NodeError told(error.reason(), "Node is not running! " + target.address.name.text() +
                                             ": " + error.message());
    const std::string names =
        error.reason() == Reason::NotRegistered ? known_names(target.address, timeout) : "";
    return names.empty() ? told : with_hint(told, "the names that epmd knows: " + names);
  }
  if (error.reason() == Reason::WrongCookie) {
    return with_hint(error, "the cookie that was tried is that of " + target.cookie.source);
  }
  return error;
}

Connection join(const Target& target, const Deadline& deadline) {
  try {
    return Connection(target.address, target.cookie.value, deadline);
  } catch (const NodeError& error) {
    throw explained(error, target, deadline.given());
  }
}

void await_node(const Target& target, std::chrono::milliseconds timeout,
                std::chrono::milliseconds patience) {
  const Deadline end = Deadline::after(patience);
  for (;;) {
    try {
      // It takes the node's net_kernel to join it: nothing more is to be asked.
      Connection(target.address, target.cookie.value, Deadline::after(timeout));
      return;
    } catch (const NodeError& error) {
      if (!error.may_pass() || end.passed()) throw explained(error, target, timeout);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace relmk::node
