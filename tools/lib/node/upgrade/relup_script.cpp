#include "node/upgrade/relup_script.h"

#include <algorithm>

#include "term/character_data.h"
#include "term/consult.h"
#include "term/print.h"

namespace relmk::node {
namespace {

struct Relup {
  std::string version;
  Terms up, down;  // {Vsn, Description, Instructions}
};

[[noreturn]] void bad(const std::string& file, Position at, const std::string& what) {
  throw Error(file, at, "is no relup: " + what).with_hint("make it anew by make relup-release");
}

Relup read_relup(const RelupFile& source) {
  const Terms terms = term::consult_text(source.file, *source.text);
  if (terms.size() != 1 || !terms[0].is_tuple(3)) {
    bad(source.file, {}, "it holds not one term {Vsn, UpFrom, DownTo}");
  }
  const Term& relup = terms[0];
  const auto version = term::chardata_utf8(relup[0]);
  if (!version) bad(source.file, relup.position(), "its version is no string");
  for (size_t i : {1, 2}) {
    if (!relup[i].is_proper_list())
      bad(source.file, relup.position(), "it has no list of versions");
    for (const Term& script : relup[i].elements()) {
      if (!script.is_tuple(3) || !script[2].is_proper_list()) {
        bad(source.file, script.position(), "a script is no {Vsn, Description, [Instruction]}");
      }
    }
  }
  return {*version, relup[1].elements(), relup[2].elements()};
}

const Term* script_of(const Terms& scripts, const std::string& version) {
  for (const Term& script : scripts)
    if (term::chardata_utf8(script[0]) == version) return &script;
  return nullptr;
}

std::string pairs(const Relup& relup) {
  std::string text;
  const auto add = [&](const Term& script, const char* word) {
    text += (text.empty() ? "" : ", ") + std::string(word) +
            term::chardata_utf8(script[0]).value_or(term::print_plain(script[0]));
  };
  for (const Term& script : relup.up)
    add(script, "from ");
  for (const Term& script : relup.down)
    add(script, "down to ");
  return text.empty() ? "none" : text;
}

// The instructions that release_handler_1 takes after the point of no return, and those before it.
constexpr const char* kInstructions[] = {
    "load_object_code", "load", "remove", "purge", "suspend",   "resume",
    "code_change",      "stop", "start",  "apply", "sync_nodes"};

RelupScript script_from(const Term& script, bool upwards, const std::string& file) {
  RelupScript found;
  found.instructions = script[2].elements();
  found.upwards = upwards;
  bool early = true;
  for (size_t i = 0; i < found.instructions.size(); ++i) {
    const Term& instruction = found.instructions[i];
    const bool first = i == 0;
    if (instruction.is_atom("point_of_no_return")) {
      early = false;
    } else if (instruction.is_atom("restart_new_emulator") && first) {
      found.restarts_first = true;
    } else if (instruction.is_atom("restart_emulator")) {
      found.restarts_last = true;
    } else if (std::none_of(std::begin(kInstructions), std::end(kInstructions),
                            [&](const char* name) { return instruction.is_tagged(name); })) {
      bad(file, instruction.position(),
          "release_handler knows no instruction " + term::print_plain(instruction) + " here");
    } else if (instruction.is_tagged("suspend")) {
      found.suspends_early = found.suspends_early || early;
    }
  }
  if (early) {
    // release_handler_1:split_instructions takes a script without it for one of which nothing may
    // fail: all of it is after that point.
    found.suspends_early = false;
  }
  return found;
}

}  // namespace

std::vector<std::pair<Atom, Atom>> RelupScript::changed_modules() const {
  std::vector<std::pair<Atom, Atom>> modules;
  for (const Term& instruction : instructions) {
    if (!instruction.is_tagged("load", 2) && !instruction.is_tagged("remove", 2)) continue;
    const Term& what = instruction[1];
    if (!what.is_tuple(3) || !what[0].is_atom() || !what[1].is_atom()) continue;
    modules.emplace_back(what[0].as_atom(), what[1].as_atom());
  }
  return modules;
}

bool RelupScript::kills_when_permanent(Atom module) const {
  return std::any_of(instructions.begin(), instructions.end(), [&](const Term& one) {
    return (one.is_tagged("load", 2) || one.is_tagged("remove", 2)) && one[1].is_tuple(3) &&
           one[1][0].is_atom() && one[1][0].as_atom() == module &&
           one[1][2].is_atom("brutal_purge");
  });
}

std::vector<Atom> RelupScript::suspended_modules() const {
  std::vector<Atom> modules;
  for (const Term& instruction : instructions) {
    if (!instruction.is_tagged("suspend", 2) || !instruction[1].is_proper_list()) continue;
    for (const Term& one : instruction[1].elements()) {
      const Term& module = one.is_tuple(2) ? one[0] : one;
      if (module.is_atom()) modules.push_back(module.as_atom());
    }
  }
  return modules;
}

bool RelupScript::looks_for_processes() const {
  return std::any_of(instructions.begin(), instructions.end(), [](const Term& instruction) {
    return instruction.is_tagged("suspend") || instruction.is_tagged("stop");
  });
}

RelupScript find_relup_script(const std::string& from, const std::string& to,
                              const RelupFile& new_relup, const RelupFile& running_relup) {
  std::string known;
  if (new_relup.text) {
    const Relup relup = read_relup(new_relup);
    if (relup.version != to) {
      bad(new_relup.file, {}, "it is that of version " + relup.version + ", not of " + to);
    }
    if (const Term* script = script_of(relup.up, from)) {
      return script_from(*script, true, new_relup.file);
    }
    known = "the relup of " + to + " has: " + pairs(relup);
  }
  if (running_relup.text) {
    const Relup relup = read_relup(running_relup);
    if (relup.version != from) {
      bad(running_relup.file, {}, "it is that of version " + relup.version + ", not of " + from);
    }
    if (const Term* script = script_of(relup.down, to)) {
      return script_from(*script, false, running_relup.file);
    }
    known += (known.empty() ? "" : "; ") + ("that of " + from + " has: " + pairs(relup));
  }
  throw Error(new_relup.file, "no relup leads from version " + from + " to version " + to + " (" +
                                  (known.empty() ? "neither has one" : known) + ")")
      .with_hint("make it by `make relup-release UPFROM=" + from +
                 " tar-release`, or stop the node and start the other version");
}

}  // namespace relmk::node
