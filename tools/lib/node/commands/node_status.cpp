#include "node/commands/node_status.h"

#include <fmt/core.h>

#include <algorithm>

#include "sys/json.h"
#include "sys/order.h"
#include "term/character_data.h"
#include "term/print.h"

namespace relmk::node {
namespace {

constexpr const char* kStopping = "stopping";

std::string text_of(const Term& term) {
  if (term.is_atom()) return term.atom_text();
  return term::chardata_utf8(term).value_or(term::print_plain(term, true));
}

std::string memory_name(const std::string& kind) {
  if (kind == "ets") return "ETS:";
  if (kind == "atom_used") return "Atom (used):";
  if (kind == "processes_used") return "Processes (used):";
  std::string name = kind + ":";
  if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

}  // namespace

std::string ask_process_id(Rpc& rpc) {
  return text_of(rpc.call("os", "getpid", {}));
}

namespace {

// What application_controller has begun to start.
void ask_starting(Rpc& rpc, NodeStatus& status) {
  const Term info = rpc.call("application", "info", {});
  const std::optional<Term> starting = proplist_value(info, "starting");
  if (!starting || !starting->is_proper_list()) return;
  for (const Term& one : starting->elements()) {
    if (one.is_tuple() && !one.elements().empty()) status.starting.push_back(text_of(one[0]));
  }
}

// {started, started}, {starting, applications_loaded}, {stopping, …}.
void take_progress(const Term& told, NodeStatus& status) {
  if (!told.is_tuple(2) || !told[0].is_atom()) return;
  status.state = told[0].atom_text();
  if (status.state != "started") status.progress = text_of(told[1]);
}

// Those of a node that stops: application_controller, which is busy with it, answers no more, so
// its table is read.
void ask_remaining(Rpc& rpc, NodeStatus& status) {
  const Term master = Term::tuple(
      {Term::tuple({Term::atom("application_master"), Term::atom("$1")}), Term::atom("$2")});
  const Term found = rpc.call("ets", "match", {Term::atom("ac_tab"), master});
  std::vector<Rpc::Call> calls;
  for (const Term& one : found.elements()) {
    calls.push_back({"erlang", "is_process_alive", {one[1]}});
    calls.push_back({"application", "get_key", {one[0], Term::atom("vsn")}});
  }
  const Terms told = rpc.call_all(calls);
  for (size_t i = 0; i < found.elements().size(); ++i) {
    const Term& version = told.at(2 * i + 1);
    if (!told.at(2 * i).is_atom("true") || !version.is_tagged("ok", 2)) continue;
    status.applications.emplace_back(text_of(found.elements()[i][0]), text_of(version[1]));
  }
  sys::put_in_order(status.applications, std::less<>());
}

// [{kernel, "ERTS  CXC 138 10", "8.5"}]
void take_applications(const Term& told, NodeStatus& status) {
  for (const Term& application : told.elements())
    status.applications.emplace_back(text_of(application[0]), text_of(application[2]));
  sys::put_in_order(status.applications, std::less<>());
}

// A sentence.
std::string state_text(const NodeStatus& status) {
  if (status.state == "started") return "This node is currently online.";
  std::string text = "This node is " + status.state;
  if (status.state != kStopping) text += " (" + status.progress + ")";
  std::string names;
  for (const std::string& name : status.starting)
    names += (names.empty() ? "" : ", ") + name;
  if (status.state == kStopping) {
    for (const auto& [name, version] : status.applications)
      names += (names.empty() ? "" : ", ") + name;
    if (!names.empty()) text += "; not stopped yet: " + names;
  } else if (!names.empty()) {
    text += ": it waits for " + names + " to start";
  } else if (status.progress == "started") {
    text += ": it waits for what -eval, -run or -s has it do";
  }
  return text + ".";
}

}  // namespace

NodeStatus ask_status(Rpc& rpc) {
  NodeStatus status;
  take_progress(rpc.call("init", "get_status", {}), status);
  std::vector<Rpc::Call> calls = {{"erlang", "node", {}},
                                  {"init", "script_id", {}},
                                  {"erlang", "system_info", {Term::atom("otp_release")}},
                                  {"erlang", "system_info", {Term::atom("version")}},
                                  {"os", "getpid", {}},
                                  {"erlang", "statistics", {Term::atom("wall_clock")}},
                                  {"erlang", "nodes", {}},
                                  {"erlang", "memory", {}}};
  if (status.state != kStopping) calls.push_back({"application", "which_applications", {}});
  const Terms told = rpc.call_all(calls);
  status.node = text_of(told.at(0));
  if (const Term& id = told.at(1); id.is_tuple(2)) {
    status.release = text_of(id[0]);
    status.version = text_of(id[1]);
  }
  status.otp_release = text_of(told.at(2));
  status.erts_version = text_of(told.at(3));
  status.pid = text_of(told.at(4));
  status.uptime_seconds = told.at(5)[0].as_integer() / 1000;
  for (const Term& node : told.at(6).elements())
    status.connected_nodes.push_back(text_of(node));
  sys::put_in_order(status.connected_nodes, std::less<>());
  for (const Term& memory : told.at(7).elements())
    status.memory.emplace_back(text_of(memory[0]), memory[1].as_integer());
  if (status.state == kStopping) {
    ask_remaining(rpc, status);
  } else {
    take_applications(told.at(8), status);
    if (status.state != "started") ask_starting(rpc, status);
  }
  return status;
}

std::string duration_text(int64_t seconds) {
  if (seconds <= 0) return "0 sec";
  const std::pair<int64_t, const char*> units[] = {
      {86400, "d"}, {3600, "h"}, {60, "min"}, {1, "sec"}};
  std::string out;
  for (const auto& [size, unit] : units) {
    if (seconds < size) continue;
    out += fmt::format("{}{}{}", out.empty() ? "" : " ", seconds / size, unit);
    seconds %= size;
  }
  return out;
}

std::string memory_text(int64_t bytes) {
  const std::pair<int64_t, const char*> units[] = {
      {int64_t{1} << 40, "TiB"}, {1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}};
  for (const auto& [size, unit] : units) {
    if (bytes > size) return fmt::format("{} {}", bytes / size, unit);
  }
  return fmt::format("{} B", bytes);
}

std::string aligned_rows(const Rows& rows, const std::string& indent) {
  size_t width = 0;
  for (const auto& [name, value] : rows)
    width = std::max(width, name.size());
  std::string out;
  for (const auto& [name, value] : rows)
    out += fmt::format("{}{:<{}} {}\n", indent, name, width, value);
  return out;
}

std::string running_text(const NodeStatus& status) {
  std::string out = aligned_rows({{"OTP:", status.otp_release}, {"Pid:", status.pid}}, "");
  out += aligned_rows({{"Uptime:", duration_text(status.uptime_seconds)}}, "");
  out += "Connected Nodes:\n";
  for (const std::string& node : status.connected_nodes)
    out += " " + node + "\n";
  out += "Running Applications:\n" + aligned_rows(status.applications, " ");
  Rows memory;
  for (const auto& [kind, bytes] : status.memory) {
    memory.emplace_back(memory_name(kind), memory_text(bytes));
  }
  return out + "Memory Usage (erlang:memory/0):\n" + aligned_rows(memory, " ");
}

std::string status_text(const NodeStatus& status) {
  std::string out = aligned_rows(
      {{"Release:", status.release}, {"Version:", status.version}, {"Node:", status.node}}, "");
  out += "\n" + state_text(status) + "\n\n";
  return out + running_text(status);
}

std::string status_json(const NodeStatus& status) {
  using sys::json_string, sys::json_strings;
  std::string applications, memory;
  for (const auto& [name, version] : status.applications) {
    applications += fmt::format("{}{}:{}", applications.empty() ? "" : ",", json_string(name),
                                json_string(version));
  }
  for (const auto& [kind, bytes] : status.memory) {
    memory += fmt::format("{}{}:{}", memory.empty() ? "" : ",", json_string(kind), bytes);
  }
  return fmt::format(
      R"({{"node":{},"state":{},"starting":{},"release":{},"version":{},)"
      R"("otp_release":{},"erts_version":{},)"
      R"("pid":{},"uptime_seconds":{},"connected_nodes":{},"applications":{{{}}},)"
      R"("memory":{{{}}}}})"
      "\n",
      json_string(status.node), json_string(status.state), json_strings(status.starting),
      json_string(status.release), json_string(status.version), json_string(status.otp_release),
      json_string(status.erts_version),
      status.pid.find_first_not_of("0123456789") == std::string::npos && !status.pid.empty()
          ? status.pid
          : json_string(status.pid),
      status.uptime_seconds, json_strings(status.connected_nodes), applications, memory);
}

}  // namespace relmk::node
