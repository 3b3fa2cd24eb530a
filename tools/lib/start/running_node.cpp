#include "start/running_node.h"

#include <fmt/core.h>

#include <algorithm>
#include <system_error>
#include <tuple>
#include <utility>

#include "start/start_directory.h"
#include "sys/error.h"
#include "sys/order.h"
#include "sys/process_stat.h"
#include "term/consult.h"
#include "term/print.h"

namespace relmk::start {
namespace {

// When a process began. Empty where there is none.
std::string beginning_of(int pid) {
  const auto stat = sys::read_process_stat(pid);
  return stat ? stat->begun : std::string();
}

fs::path beside_versions(const ReleasePlace& release) {
  return release.root / "releases/.running";
}

fs::path of_this_user(const ReleasePlace& release, const sys::Environment& environment) {
  return StartDirectory(release, environment).unchanging() / "running";
}

Term text(const std::string& value) {
  return Term::string(value);
}

Term note_of(const RunningNode& node) {
  return Term::list({
      Term::tuple({Term::atom("node"), text(node.node.name), text(node.node.host)}),
      Term::tuple(
          {Term::atom("long"), Term::atom(node.name_type == NameType::Long ? "true" : "false")}),
      Term::tuple({Term::atom("asked"), text(node.asked)}),
      Term::tuple({Term::atom("vm_args"), text(node.vm_args.string())}),
      Term::tuple({Term::atom("cookie_file"), text(node.cookie_file.string())}),
      Term::tuple({Term::atom("process"), Term(node.pid), text(beginning_of(node.pid))}),
  });
}

// Absent: the file is no note, or cannot be read. Its process may have ended.
std::optional<RunningNode> read_note(const fs::path& file) {
  try {
    const Terms terms = term::consult_file(file);
    if (terms.size() != 1 || !terms[0].is_proper_list()) return std::nullopt;
    const auto elements = terms[0].elements();
    if (elements.size() != 6 || !elements[0].is_tagged("node", 3) ||
        !elements[5].is_tagged("process", 3) || !elements[5][1].is_small_integer()) {
      return std::nullopt;
    }
    for (size_t i = 0; i < elements.size(); ++i) {
      const bool is_other = i == 0 || i == 5;  // these have three elements
      if (!elements[i].is_tuple(is_other ? 3 : 2)) return std::nullopt;
      const bool is_text = i != 1 && i != 5;
      if (is_text && !elements[i][1].is_string()) return std::nullopt;
      if (is_other && !elements[i][2].is_string()) return std::nullopt;
    }
    RunningNode node;
    node.node = {elements[0][1].to_utf8(), elements[0][2].to_utf8()};
    node.name_type = elements[1][1].is_atom("true") ? NameType::Long : NameType::Short;
    node.asked = elements[2][1].to_utf8();
    node.vm_args = elements[3][1].to_utf8();
    node.cookie_file = elements[4][1].to_utf8();
    node.pid = static_cast<int>(elements[5][1].as_integer());
    node.begun = elements[5][2].to_utf8();
    return node;
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool lives(const RunningNode& node) {
  return !node.begun.empty() && node.begun == beginning_of(node.pid);
}

template <class Each>
void for_each_file(const fs::path& directory, Each each) {
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error))
    each(entry->path());
}

void add_notes(std::vector<RunningNode>& nodes, const fs::path& directory) {
  for_each_file(directory, [&](const fs::path& file) {
    if (auto node = read_note(file); node && lives(*node)) nodes.push_back(std::move(*node));
  });
}

void remove_old_notes(const fs::path& directory, const NodeName& node) {
  for_each_file(directory, [&](const fs::path& file) {
    const auto note = read_note(file);
    std::error_code ignored;
    if (note && note->node == node && !lives(*note)) fs::remove(file, ignored);
  });
}

// A start that finds its name taken must not hide the node that has it.
void keep_oldest_of_each(std::vector<RunningNode>& nodes) {
  const auto is_older = [](const RunningNode& a, const RunningNode& b) {
    // Numbers without leading zeros.
    return std::tuple(a.begun.size(), a.begun, a.pid) < std::tuple(b.begun.size(), b.begun, b.pid);
  };
  sys::put_in_order(nodes, is_older);
  std::vector<RunningNode> kept;
  for (RunningNode& node : nodes) {
    const bool is_known = std::any_of(kept.begin(), kept.end(), [&](const RunningNode& other) {
      return other.node == node.node;
    });
    if (!is_known) kept.push_back(std::move(node));
  }
  nodes = std::move(kept);
}

}  // namespace

void note_running_node(const ReleasePlace& release, const sys::Environment& environment,
                       const RunningNode& node) {
  const std::string note = term::print_plain(note_of(node)) + ".\n";
  const auto write = [&](const fs::path& directory) {
    std::error_code ignored;
    fs::create_directories(directory, ignored);
    remove_old_notes(directory, node.node);
    sys::write_file(directory / fmt::format("{}.{}", node.node.text(), node.pid),
                    "%% coding: utf-8\n" + note, 0600);
  };
  try {
    write(beside_versions(release));
  } catch (const Error&) {
    try {
      const fs::path ours = of_this_user(release, environment);
      make_private_directory(ours.parent_path());
      write(ours);
    } catch (const Error&) {
    }
  }
}

std::vector<RunningNode> noted_processes(const ReleasePlace& release,
                                         const sys::Environment& environment) {
  std::vector<RunningNode> nodes;
  add_notes(nodes, beside_versions(release));
  try {
    const fs::path ours = of_this_user(release, environment);
    if (belongs_to_us(ours.parent_path())) add_notes(nodes, ours);
  } catch (const Error&) {
  }
  return nodes;
}

std::vector<RunningNode> running_nodes(const ReleasePlace& release,
                                       const sys::Environment& environment) {
  std::vector<RunningNode> nodes = noted_processes(release, environment);
  keep_oldest_of_each(nodes);
  return nodes;
}

}  // namespace relmk::start
