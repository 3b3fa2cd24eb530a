// One instruction of an appup file: its short forms, and what it has to look like (appup(4); the
// checks of sasl's systools_rc).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "otp/upgrade/instructions.h"
#include "sys/error.h"
#include "term/term.h"

namespace relmk::otp {

struct Instruction {
  Term term;
  std::string file;  // for errors; may be empty
  Position at{};

  // {Name, …}; an atom is tagged with itself.
  bool is(std::string_view name) const {
    return term.is_atom(name) || (term.is_tuple() && term.is_tagged(name));
  }
  // Whether systools orders it by the modules that it names: update, load_module, add_module,
  // delete_module.
  bool has_dependencies() const;
  // The same place in the file, another instruction.
  Instruction becoming(Term other) const { return {std::move(other), file, at}; }
  Error error(const std::string& message) const { return Error(file, at, message); }
};

// The instructions of a script, with short forms written out: {load_module, M} as {load_module, M,
// brutal_purge, brutal_purge, []} and so on. Throws Error where it is no list.
std::vector<Instruction> expanded_instructions(const UpgradeScript& script);

// Throws Error, in systools' words, for the first that is no instruction.
void check_syntax(const std::vector<Instruction>& instructions);

// Brings update to its form of eight elements, add_module and delete_module to that with
// dependencies.
Instruction normalized(const Instruction& instruction);

}  // namespace relmk::otp
