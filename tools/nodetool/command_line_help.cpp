// What --help prints.
#include <fmt/core.h>

#include <string_view>

#include "nodetool/command_line.h"

namespace relmk::sys {
namespace {

using Parser = CommandLine::Parser;

// A name, and what it means in a column of its own.
std::string entry(std::string name, std::string_view meaning) {
  constexpr size_t kColumn = 30;
  name = "  " + name;
  if (!meaning.empty() && name.size() >= kColumn) name += "\n" + std::string(kColumn, ' ');
  const size_t begin = name.rfind('\n') + 1;  // 0 where there is none
  if (name.size() - begin < kColumn) name.append(kColumn - (name.size() - begin), ' ');
  return name.append(meaning) + "\n";
}

std::string option_entry(const Parser::Option& option) {
  const bool has_both = !option.shorter.empty() && !option.longer.empty();
  std::string name = option.operand + option.shorter + (has_both ? "," : "") + option.longer;
  if (!option.is_flag()) name += " " + option.full_type();
  if (!option.unless_given.empty()) name += "=" + option.unless_given;
  if (option.rules.is_required) name += " REQUIRED";
  for (const Parser::Option* other : option.excluded)
    name += (other == option.excluded[0] ? " Excludes: " : " ") + other->name();
  return entry(name, option.meaning);
}

}  // namespace

std::string choices_text(const OptionRules& rules) {
  std::string text;
  for (const std::string& choice : rules.choices)
    text += (text.empty() ? "{" : ",") + choice;
  return text + "}";
}

const std::string& CommandLine::Parser::Option::name() const {
  if (!longer.empty()) return longer;
  return shorter.empty() ? operand : shorter;
}

std::string CommandLine::Parser::Option::full_type() const {
  std::string text = type;
  if (rules.range)
    text += fmt::format(":FLOAT in [{:g} - {:g}]", rules.range->least, rules.range->most);
  if (!rules.choices.empty()) text += ":" + choices_text(rules);
  return text;
}

std::string CommandLine::Parser::help() const {
  std::string usage = outer == nullptr ? name : outer->name + " " + name;
  std::string operand_entries, option_entries, command_entries;
  usage += " [OPTIONS]";
  for (const Option& option : options) {
    (option.operand.empty() ? option_entries : operand_entries) += option_entry(option);
    if (option.operand.empty()) continue;
    usage += option.rules.is_required ? " " + option.operand : " [" + option.operand + "]";
  }
  for (const auto& command : commands)
    command_entries += entry(command->name(), command->parser_->about);
  if (!commands.empty()) usage += needs_command ? " SUBCOMMAND" : " [SUBCOMMAND]";
  std::string text = about + "\nUsage: " + usage + "\n";
  if (!operand_entries.empty()) text += "\nPositionals:\n" + operand_entries;
  text += "\nOptions:\n" + option_entries;
  if (!command_entries.empty()) text += "\nSubcommands:\n" + command_entries;
  text += "\n";
  return *footer == '\0' ? text : text + footer + "\n";
}

}  // namespace relmk::sys
