// How nodetool reads its command line: it defines sys::CommandLine again, as far as nodetool needs
// it, so that the linker takes none of CLI11's. What is said is what CLI11 says, word for word; but
// CLI11 writes to streams, which bring libstdc++'s locales: together a third of what nodetool would
// be, in each release's tarball.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sys/command_line.h"

namespace relmk::sys {

struct CommandLine::Parser {
  struct Option {
    std::string shorter, longer, operand;  // "-n" and "--node", or "VERSION"
    const char* type;                      // of a value, as --help says it; nullptr of a flag
    const char* meaning;
    Rules rules;
    std::function<bool(const std::string&)> take;  // a value; false where it is none of the type
    std::string unless_given = {};                 // the value that --help shows
    std::vector<const Option*> excluded = {};      // must not be given with it
    std::vector<std::string> given = {};

    bool is_flag() const { return type == nullptr; }
    // As errors name it.
    const std::string& name() const;
    // With its range and choices.
    std::string full_type() const;
  };

  std::string name, about;
  const char* footer = "";
  Parser* outer = nullptr;    // of a command's
  std::list<Option> options;  // which keep their addresses
  std::vector<std::unique_ptr<CommandLine>> commands;
  bool needs_command = false;
  std::vector<std::string>* rest = nullptr;
  std::function<void()> work;

  // What the words hold.
  bool wants_version = false;
  Parser* command = nullptr;
  std::vector<std::string> left;  // what nothing here takes
  size_t marks = 0;               // of those, each `--` that stands between options and operands

  // Names as they are given: "-n". nullptr where there is none.
  Option* find(const std::string& name);
  // The first one that has no value yet.
  Option* missing_operand();
  Option& add(const char* names, const char* type, const char* meaning, const Rules& rules,
              std::function<bool(const std::string&)> take);

  // Sorts words, the first of which is at the end, into `given`, `left` and `command`.
  void read(std::vector<std::string>& words);
  // Hands the values to those who take them.
  void take_values();
  // Each throws WrongUsage, of the command too: where an option is missing or excluded, and where a
  // word is left.
  void check_options() const;
  void check_left() const;
  // Hands over the rest, and does the work, the command's first.
  void finish();
  std::string help() const;
};

// Of an option with choices.
std::string choices_text(const OptionRules& rules);

}  // namespace relmk::sys
