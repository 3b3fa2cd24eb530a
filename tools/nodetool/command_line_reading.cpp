// Which word is what: an option, its value, an operand, a command.
#include <algorithm>

#include "nodetool/command_line.h"

namespace relmk::sys {
namespace {

using Parser = CommandLine::Parser;
using Words = std::vector<std::string>;

std::string next_of(Words& words) {
  std::string word = std::move(words.back());
  words.pop_back();
  return word;
}

bool can_begin_name(char c) {
  return c != '-' && c != '!' && c != ' ' && c != '\n';
}

// A negative number is none, unless there is an option of that name.
bool is_option(Parser& line, const std::string& word) {
  if (word.size() < 2 || word[0] != '-') return false;
  if (word[1] == '-') return word.size() > 2 && can_begin_name(word[2]);
  if (word[1] >= '0' && word[1] <= '9') return line.find(word.substr(0, 2)) != nullptr;
  return can_begin_name(word[1]);
}

// `--name`, `--name=VALUE`, `-n`, `-nVALUE` or, where -n is a flag, `-nOTHERS`.
void read_option(Parser& line, Words& words) {
  const std::string word = next_of(words);
  const bool is_long = word[1] == '-';
  const size_t end = is_long ? std::min(word.find('='), word.size()) : 2;
  Parser::Option* option = line.find(word.substr(0, end));
  if (option == nullptr) {
    line.left.push_back(word);
    return;
  }
  const std::string value = word.substr(is_long ? std::min(end + 1, word.size()) : end);
  if (option->is_flag()) {
    if (!is_long && !value.empty()) words.push_back("-" + value);
    const bool is_plain = !is_long || value.empty() || value == "{}";
    option->given.push_back(is_plain ? "true" : value);
  } else if (!value.empty()) {
    option->given.push_back(value);
  } else if (!words.empty()) {
    option->given.push_back(next_of(words));
  } else {
    throw WrongUsage(option->name() + ": 1 required " + option->full_type() + " missing");
  }
}

void read_operand(Parser& line, Words& words) {
  if (Parser::Option* operand = line.missing_operand()) {
    operand->given.push_back(next_of(words));
    return;
  }
  line.left.push_back(next_of(words));
  while (line.rest != nullptr && !words.empty())
    line.left.push_back(next_of(words));
}

}  // namespace

CommandLine::Parser::Option* CommandLine::Parser::find(const std::string& name) {
  for (Option& option : options)
    if (name == option.shorter || name == option.longer) return &option;
  return nullptr;
}

CommandLine::Parser::Option* CommandLine::Parser::missing_operand() {
  for (Option& option : options)
    if (!option.operand.empty() && option.given.empty()) return &option;
  return nullptr;
}

void CommandLine::Parser::read(Words& words) {
  bool only_operands = false;
  while (!words.empty()) {
    const std::string& word = words.back();
    const auto named = std::find_if(commands.begin(), commands.end(), [&](const auto& known) {
      return command == nullptr && known->name() == word;
    });
    if (only_operands) {
      read_operand(*this, words);
    } else if (word == "--") {
      words.pop_back();
      if (outer != nullptr && missing_operand() == nullptr) return;  // to the outer line's words
      only_operands = true;
      left.emplace_back("--");
      ++marks;
    } else if (named != commands.end()) {
      words.pop_back();
      command = (*named)->parser_.get();
      command->read(words);
    } else if (is_option(*this, word)) {
      read_option(*this, words);
    } else {
      read_operand(*this, words);
    }
  }
}

}  // namespace relmk::sys
