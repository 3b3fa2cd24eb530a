#include "enit/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "node/session/standard_session.h"
#include "sys/json.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

std::string online_text(const ReleaseStatus& status) {
  std::string text = "\nThis node is currently online.\n";
  if (!status.starting.empty()) {
    text += fmt::format("Applications starting: [{}]\n", fmt::join(status.starting, ", "));
  }
  return text + "\n" + node::running_text(status.online);
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
  node::Rows rows{
      {"Release:", status.release}, {"Version:", status.version}, {"Node:", status.node}};
  if (!status.cookie.empty()) rows.emplace_back("Cookie:", status.cookie);
  if (!status.extensions.empty()) {
    rows.emplace_back("Extensions:", fmt::format("[{}]", fmt::join(status.extensions, ", ")));
  }
  return node::aligned_rows(rows, "") +
         (status.is_online ? online_text(status) : "\nThis node is currently offline.\n");
}

std::string status_json(const ReleaseStatus& status) {
  using sys::json_string, sys::json_strings;
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
