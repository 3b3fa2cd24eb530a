#include "node/upgrade/node_state.h"

#include "node/upgrade/program.h"
#include "term/character_data.h"
#include "term/print.h"

namespace relmk::node {
namespace {

std::string readable(const Term& term) {
  if (term.is_atom()) return term.atom_text();
  if (const auto text = term::chardata_utf8(term)) return *text;
  return term::print_plain(term, true);
}

Term value(const Term& proplist, std::string_view key) {
  return proplist_value(proplist, key).value_or(Term());
}

const Terms& items(const Term& list) {
  static const Terms kNone;
  return list.is_list() ? list.elements() : kNone;
}

KnownRelease known_release(const Term& record) {
  KnownRelease known;
  known.release.name = readable(record[1]);
  known.release.version = readable(record[2]);
  known.release.erts_version = record[3].is_atom() ? "" : readable(record[3]);
  known.has_libraries = record[4].is_list() && !record[4].is_nil();
  for (const Term& library : items(record[4])) {
    known.release.libraries.push_back(
        {library[0].as_atom(), readable(library[1]), readable(library[2])});
  }
  known.release.status = readable(record[5]);
  return known;
}

void take_handler(NodeState& state, const Term& handler) {
  if (!handler.is_tuple(4)) return;
  state.has_release_handler = true;
  state.releases_directory = readable(handler[0]);
  for (const Term& record : items(handler[1]))
    state.releases.push_back(known_release(record));
  if (handler[2].is_tuple(2)) state.start_program = readable(handler[2][1]);
  state.is_client = !handler[3].is_atom("false");
}

std::string problem(const Term& term) {
  const std::string name = term::print_plain(term[1], true),
                    process = term[2].is_atom() ? term[2].atom_text() : term::print_plain(term[2]);
  if (term[0].is_atom("supervisor")) {
    return term[3].is_atom("suspended") ? "supervisor " + name + " (" + process +
                                              ") is suspended, so its children cannot be found"
                                        : "supervisor " + name + " (" + process +
                                              ") does not answer, so its children cannot be found";
  }
  return "process " + process + ", child " + name + ", which runs " + term::print_plain(term[3]) +
         ", does not answer: it cannot be suspended";
}

void take_command_line(NodeState& state, const Term& arguments) {
  for (const Term& flag : items(arguments)) {
    if (!flag.is_tuple(2) || !flag[0].is_atom()) continue;
    const Terms& values = items(flag[1]);
    for (size_t i = 0; i + 1 < values.size(); i += 2)
      state.command_line[flag[0].atom_text()].push_back(readable(values[i]));
  }
}

}  // namespace

const KnownRelease* NodeState::find(const std::string& version) const {
  for (const KnownRelease& one : releases)
    if (one.release.version == version) return &one;
  return nullptr;
}

const KnownRelease* NodeState::running() const {
  for (const KnownRelease& one : releases)
    if (one.release.status == "current") return &one;
  return permanent();
}

const KnownRelease* NodeState::permanent() const {
  for (const KnownRelease& one : releases)
    if (one.release.status == "permanent") return &one;
  return nullptr;
}

NodeState ask_node_state(Rpc& rpc, const RelupScript* script, std::chrono::milliseconds limit,
                         const Deadline& deadline) {
  Terms changed, suspended;
  if (script != nullptr) {
    for (const auto& [module, purge] : script->changed_modules())
      changed.push_back(Term::tuple({Term(module), Term(purge)}));
    for (const Atom& module : script->suspended_modules())
      suspended.emplace_back(module);
  }
  const Term told = run_program(rpc, kProbeProgram,
                                {{"Changed", Term::list(changed)},
                                 {"Suspended", Term::list(suspended)},
                                 {"Limit", Term(static_cast<int64_t>(limit.count()))}},
                                deadline);
  NodeState state;
  take_handler(state, value(told, "handler"));
  for (const Term& one : items(value(told, "problems")))
    state.problems.push_back(problem(one));
  for (const Term& one : items(value(told, "outside"))) {
    const bool dies =
        script != nullptr && one[1].is_atom() && script->kills_when_permanent(one[1].as_atom());
    state.outside.push_back(
        "process " + term::print_plain(one[0]) + " runs " + term::print_plain(one[1]) +
        ", and no supervisor knows it" +
        (dies ? ": unless it leaves the old code, it is killed when the version is made permanent"
              : ""));
  }
  for (const Term& one : items(value(told, "old_code"))) {
    NodeState::OldCode old{readable(one[0]), !one[1].is_atom("soft_purge"), {}};
    for (const Term& process : items(one[2]))
      old.processes.push_back(term::print_plain(process));
    state.old_code.push_back(std::move(old));
  }
  for (const Term& one : items(value(told, "environment"))) {
    auto& keys = state.environment[readable(one[0])];
    for (const Term& pair : items(one[1]))
      if (pair.is_tuple(2)) keys.emplace(term::print_plain(pair[0]), pair[1]);
  }
  take_command_line(state, value(told, "arguments"));
  for (const Term& one : items(value(told, "libraries")))
    state.libraries.emplace(readable(one[0]), readable(one[1]));
  state.erts_version = readable(value(told, "erts"));
  state.root = readable(value(told, "root"));
  state.system_libraries = readable(value(told, "system_libraries"));
  for (const Term& one : items(value(told, "paths")))
    state.code_paths.push_back(readable(one));
  state.has_heart = value(told, "heart").is_atom("true");
  return state;
}

}  // namespace relmk::node
