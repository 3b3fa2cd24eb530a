#include "enit/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "enit/json.h"
#include "node/session/standard_session.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

// Two columns; the second one is aligned, and not padded.
std::string table(const Rows& rows, const char* indent) {
  size_t width = 0;
  for (const auto& [name, value] : rows)
    width = std::max(width, name.size());
  std::string out;
  for (const auto& [name, value] : rows)
    out += fmt::format("{}{:<{}} {}\n", indent, name, width, value);
  return out;
}

std::string memory_name(const std::string& kind) {
  if (kind == "ets") return "ETS:";
  if (kind == "atom_used") return "Atom (used):";
  if (kind == "processes_used") return "Processes (used):";
  std::string name = kind + ":";
  if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

std::string online_text(const ReleaseStatus& status) {
  const node::NodeStatus& node = status.online;
  std::string text = "\nThis node is currently online.\n";
  if (!status.starting.empty()) {
    text += fmt::format("Applications starting: [{}]\n", fmt::join(status.starting, ", "));
  }
  text += fmt::format("\nOTP: {}\nPid: {}\nUptime: {}\nConnected Nodes:\n", node.otp_release,
                      node.pid, node::duration_text(node.uptime_seconds));
  for (const std::string& connected : node.connected_nodes)
    text += " " + connected + "\n";
  text += "Running Applications:\n" + table(node.applications, " ");
  Rows memory;
  for (const auto& [kind, bytes] : node.memory)
    memory.emplace_back(memory_name(kind), node::memory_text(bytes));
  return text + "Memory Usage (erlang:memory/0):\n" + table(memory, " ");
}

std::string json_strings(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts)
    out += (out.empty() ? "" : ",") + json_string(text);
  return "[" + out + "]";
}

}  // namespace

std::vector<std::string> not_running(const Release& release, const node::NodeStatus& node) {
  std::vector<std::string> names;
  for (const NamedApplications& named : release.named()) {
    for (const Atom& name : named.names) {
      const bool runs = std::any_of(node.applications.begin(), node.applications.end(),
                                    [&](const auto& app) { return app.first == name.text(); });
      if (!runs) names.push_back(term::print_atom(name, true));
    }
  }
  return names;
}

ReleaseStatus ask_status(const Release& release, std::chrono::milliseconds timeout,
                         const Environment& environment) {
  ReleaseStatus status;
  status.release = release.name();
  status.version = release.specification.version;
  status.node = release.node.name.value().text();
  status.cookie = release.node.cookie;
  for (const Extension& extension : release.configuration.extensions)
    status.extensions.push_back(term::print_atom(extension.name, true));
  const node::Target target = release.target(environment);
  try {
    node::StandardSession session(target, timeout);
    status.online = node::ask_status(session.rpc());
  } catch (const node::NodeError& error) {
    if (presence_of(error).presence != Presence::Offline) throw;
    return status;
  }
  status.is_online = true;
  status.starting = not_running(release, status.online);
  return status;
}

std::string status_text(const ReleaseStatus& status) {
  Rows rows{{"Release:", status.release}, {"Version:", status.version}, {"Node:", status.node}};
  if (!status.cookie.empty()) rows.emplace_back("Cookie:", status.cookie);
  if (!status.extensions.empty()) {
    rows.emplace_back("Extensions:", fmt::format("[{}]", fmt::join(status.extensions, ", ")));
  }
  return table(rows, "") +
         (status.is_online ? online_text(status) : "\nThis node is currently offline.\n");
}

std::string status_json(const ReleaseStatus& status) {
  std::string text = fmt::format(
      R"({{"release":{},"version":{},"node":{},{}"extensions":{},"online":{})",
      json_string(status.release), json_string(status.version), json_string(status.node),
      status.cookie.empty() ? "" : "\"cookie\":" + json_string(status.cookie) + ",",
      json_strings(status.extensions), status.is_online);
  if (!status.is_online) return text + "}\n";
  const node::NodeStatus& node = status.online;
  std::string applications, memory;
  for (const auto& [name, version] : node.applications) {
    applications += fmt::format("{}{}:{}", applications.empty() ? "" : ",", json_string(name),
                                json_string(version));
  }
  for (const auto& [kind, bytes] : node.memory)
    memory += fmt::format("{}{}:{}", memory.empty() ? "" : ",", json_string(kind), bytes);
  return text + fmt::format(R"(,"starting":{},"otp_release":{},"erts_version":{},"pid":{},)"
                            R"("uptime_seconds":{},"connected_nodes":{},"applications":{{{}}},)"
                            R"("memory":{{{}}}}})"
                            "\n",
                            json_strings(status.starting), json_string(node.otp_release),
                            json_string(node.erts_version), node.pid, node.uptime_seconds,
                            json_strings(node.connected_nodes), applications, memory);
}

}  // namespace relmk::enit
