// Most of the time goes into waiting, so that little is asked: each epmd once for the names of all
// nodes, and only what is registered is connected to.
#include "enit/release_list.h"

#include <fmt/format.h>

#include <vector>

#include "enit/node_presence.h"
#include "enit/status.h"
#include "node/distribution/registered_nodes.h"
#include "node/session/node_process.h"
#include "node/session/odd_answer.h"
#include "node/session/rpc.h"
#include "sys/workers.h"

namespace relmk::enit {
namespace {

struct Listed {
  std::string name;
  std::optional<Release> release;
  std::optional<node::Target> target;
  std::string state;                   // ` (running)` without the space, or why that can't be told
  std::optional<std::string> absence;  // why nothing says that there is such a node
};

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

Listed read_listed(const Places& places, const std::string& name, const Environment& environment) {
  Listed listed;
  listed.name = name;
  Faults faults;
  try {
    Release release = read_release(find_release(places, name, Match::Exact), environment, faults);
    faults.raise();
    listed.release = std::move(release);
  } catch (const Error& error) {
    listed.state = fmt::format("(cannot be read: {})", first_line(error.text()));
    return listed;
  }
  try {
    // A port that the environment names would be that of one of them.
    Environment of_all = environment;
    of_all.erase("ERL_DIST_PORT");
    listed.target = listed.release->target(of_all);
  } catch (const Error& error) {
    listed.state = fmt::format("(cannot be asked: {})", error.message());
  }
  return listed;
}

void note_failure(Listed& listed, const node::NodeError& error) {
  const NodePresence found = presence_of(error);
  if (found.presence == Presence::Offline) {
    listed.absence = found.why;
    return;
  }
  listed.state = fmt::format(
      "({}: {})", found.presence == Presence::Silent ? "does not answer" : "cannot be asked",
      found.why);
}

// A node that cannot be found may run all the same, where epmd is gone or has forgotten it.
void look_for_absent(std::vector<Listed>& all) {
  std::vector<Listed*> absent;
  std::vector<start::NodeName> names;
  for (Listed& listed : all) {
    if (!listed.absence) continue;
    absent.push_back(&listed);
    names.push_back(listed.target->address.name);
  }
  if (absent.empty()) return;
  const auto processes = node::find_node_processes(names);
  for (size_t i = 0; i < absent.size(); ++i) {
    absent[i]->state = processes[i] ? fmt::format("(does not answer: runs as process {}, but {})",
                                                  processes[i]->id, *absent[i]->absence)
                                    : "(not running)";
  }
}

void ask_state(Listed& listed, const node::NodeAddress& address, const node::Deadline& deadline) {
  try {
    node::Connection connection(address, listed.target->cookie.value, deadline);
    node::Rpc rpc(connection, deadline.given());
    listed.state = node::read_answers([&] {
      node::NodeStatus node;
      const Term applications = rpc.call("application", "which_applications", {}, deadline);
      for (const Term& app : applications.elements())
        node.applications.emplace_back(app[0].atom_text(), "");
      return not_running(*listed.release, node).empty() ? "(running)" : "(starting)";
    });
  } catch (const node::NodeError& error) {
    note_failure(listed, error);
  } catch (const Error& error) {
    listed.state = fmt::format("(cannot be asked: {})", error.message());
  }
}

void ask_states(std::vector<Listed>& all, const node::Deadline& deadline) {
  std::vector<Listed*> asked;
  std::vector<node::NodeAddress> addresses;
  for (Listed& listed : all) {
    if (!listed.target) continue;
    asked.push_back(&listed);
    addresses.push_back(listed.target->address);
  }
  const std::vector<node::Whereabouts> found = node::find_registered(addresses, deadline);
  std::vector<size_t> registered;
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i].failure) {
      note_failure(*asked[i], *found[i].failure);
    } else {
      registered.push_back(i);
    }
  }
  sys::for_each_at_once(registered.size(), [&](size_t i) {
    ask_state(*asked[registered[i]], found[registered[i]].address, deadline);
  });
}

}  // namespace

std::string list_text(const Places& places, std::chrono::milliseconds timeout,
                      const Environment& environment) {
  std::vector<Listed> all;
  for (const std::string& name : release_names(places))
    all.push_back(read_listed(places, name, environment));
  if (all.empty()) return "no releases\n";
  ask_states(all, node::Deadline::after(timeout));
  look_for_absent(all);
  std::string text;
  for (const Listed& listed : all) {
    text += "* " + listed.name;
    if (listed.release) {
      text += fmt::format(" {} [{}]", listed.release->specification.version,
                          listed.release->node.name.value().text());
    }
    text += " " + listed.state + "\n";
  }
  return text;
}

}  // namespace relmk::enit
