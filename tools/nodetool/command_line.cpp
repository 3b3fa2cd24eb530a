#include "nodetool/command_line.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <type_traits>

#include "sys/version.h"

namespace relmk::sys {
namespace {

using Parser = CommandLine::Parser;
using Words = std::vector<std::string>;

// A word too few or too many: it may be that another one is no command.
class WrongNumberOfWords : public WrongUsage {
 public:
  using WrongUsage::WrongUsage;
};

template <typename Integer>
std::optional<Integer> integer_of(const std::string& word) {
  char* end = nullptr;
  using Wide = std::conditional_t<std::is_signed_v<Integer>, long long, unsigned long long>;
  Wide wide = 0;
  if constexpr (std::is_signed_v<Integer>) {
    wide = std::strtoll(word.c_str(), &end, 0);
  } else {
    wide = std::strtoull(word.c_str(), &end, 0);
  }
  const auto value = static_cast<Integer>(wide);
  if (end != word.c_str() + word.size() || static_cast<Wide>(value) != wide) return std::nullopt;
  return value;
}

std::optional<double> double_of(const std::string& word) {
  char* end = nullptr;
  const auto value = static_cast<double>(std::strtold(word.c_str(), &end));
  if (word.empty() || end != word.c_str() + word.size()) return std::nullopt;
  return value;
}

// Of `--flag=WORD`; nullopt where it is neither.
std::optional<bool> truth_of(std::string word) {
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const char* yes : {"true", "t", "y", "+", "on", "yes", "enable"})
    if (word == yes) return true;
  for (const char* no : {"false", "f", "n", "-", "off", "no", "disable"})
    if (word == no) return false;
  char* end = nullptr;
  const long long number = std::strtoll(word.c_str(), &end, 10);
  if (end == word.c_str() || (word.size() == 1 && number == 0 && word != "0")) return std::nullopt;
  return number > 0;
}

// What is wrong with a value; empty: nothing.
std::string fault_of(const OptionRules& rules, const std::string& word) {
  if (rules.range) {
    const auto [least, most] = *rules.range;
    const auto value = double_of(word);
    if (!value || *value < least || *value > most)
      return fmt::format("Value {} not in range {:f} to {:f}", word, least, most);
    if (std::isnan(*value)) return fmt::format("Value {} not in range {} to {}", word, least, most);
  }
  const Words& choices = rules.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), word) == choices.end())
    return word + " not in " + choices_text(rules);
  return {};
}

void take_values_of(const Parser::Option& option) {
  const Words& given = option.given;
  if (given.empty()) return;
  if (!option.is_flag()) {
    for (const std::string& word : given)
      if (const std::string fault = fault_of(option.rules, word); !fault.empty())
        throw WrongUsage(option.name() + ": " + fault);
    if (given.size() > 1)
      throw WrongUsage(
          fmt::format("{}: At Most 1 required but received {}", option.name(), given.size()));
  }
  if (option.take(given.back())) return;
  std::string all = given[0];
  for (size_t i = 1; i < given.size(); ++i)
    all += "," + given[i];
  throw WrongUsage("Could not convert: " + option.name() + " = " + all);
}

// The word that stands where a command should.
std::optional<std::string> unknown_command(const Parser& line, const Words& words) {
  const Words& left = line.left;
  const auto end = line.command == nullptr
                       ? words.end()
                       : std::find(words.begin(), words.end(), line.command->name);
  const auto is_command = [&](const std::string& word) {
    return std::any_of(line.commands.begin(), line.commands.end(),
                       [&](const auto& command) { return command->name() == word; });
  };
  const auto first = std::find_if(words.begin(), end, [&](const std::string& word) {
    return !is_command(word) && std::find(left.begin(), left.end(), word) != left.end();
  });
  if (first == end || first->starts_with('-')) return std::nullopt;
  return *first;
}

}  // namespace

CommandLine::Parser::Option& CommandLine::Parser::add(
    const char* names, const char* type, const char* meaning, const Rules& rules,
    std::function<bool(const std::string&)> take) {
  // Of the rules, nodetool has these alone.
  if (rules.value || rules.one_each || rules.separator || rules.fault || rules.needs)
    throw std::logic_error(names);
  Option& option = options.emplace_back(Option{"", "", "", type, meaning, rules, std::move(take)});
  const std::string all = names;
  const size_t comma = all.find(',');
  const std::string last = comma == all.npos ? all : all.substr(comma + 1);
  if (comma != all.npos) option.shorter = all.substr(0, comma);
  (last.starts_with("--") ? option.longer : option.operand) = last;
  if (rules.excludes != nullptr) {
    Option* other = find(rules.excludes);
    if (other == nullptr) throw std::logic_error(rules.excludes);
    option.excluded.push_back(other);
    other->excluded.push_back(&option);
  }
  return option;
}

void CommandLine::Parser::take_values() {
  for (const Option& option : options)
    take_values_of(option);
}

void CommandLine::Parser::check_options() const {
  for (const Option& option : options) {
    if (option.rules.is_required && option.given.empty())
      throw WrongNumberOfWords(option.name() + " is required");
    for (const Option* other : option.excluded)
      if (!option.given.empty() && !other->given.empty())
        throw WrongUsage(option.name() + " excludes " + other->name());
  }
  if (needs_command && command == nullptr) throw WrongNumberOfWords("A subcommand is required");
  if (command != nullptr) command->check_options();
}

void CommandLine::Parser::check_left() const {
  if (rest == nullptr && left.size() > marks) {
    std::string text = left.size() > 1 ? "The following arguments were not expected:"
                                       : "The following argument was not expected:";
    for (size_t i = left.size(); i-- > 0;)
      text += " " + left[i];
    throw WrongNumberOfWords(text);
  }
  if (command != nullptr) command->check_left();
}

void CommandLine::Parser::finish() {
  if (command != nullptr) command->finish();
  if (rest != nullptr) *rest = left;
  if (work) work();
}

CommandLine::CommandLine(std::string name, std::string about)
    : CommandLine(std::make_unique<Parser>()) {
  parser_->name = std::move(name);
  parser_->about = std::move(about);
}

CommandLine::CommandLine(std::unique_ptr<Parser> parser) : parser_(std::move(parser)) {
  parser_->add("-h,--help", nullptr, "Print this help message and exit", {},
               [](const std::string&) { return true; });
}

CommandLine::~CommandLine() = default;

void CommandLine::option(const char* names, std::string& value, const char* meaning,
                         const Rules& rules) {
  option(
      names, [&value](const std::string& word) { value = word; }, meaning, rules);
}

void CommandLine::option(const char* names, std::optional<std::string>& value, const char* meaning,
                         const Rules& rules) {
  option(
      names, [&value](const std::string& word) { value = word; }, meaning, rules);
}

void CommandLine::option(const char* names, fs::path& value, const char* meaning,
                         const Rules& rules) {
  option(
      names, [&value](const std::string& word) { value = word; }, meaning, rules);
}

void CommandLine::option(const char* names, const TakeValue& take, const char* meaning,
                         const Rules& rules) {
  parser_->add(names, "TEXT", meaning, rules, [take](const std::string& word) {
    take(word);
    return true;
  });
}

void CommandLine::option(const char* names, int& value, const char* meaning, const Rules& rules) {
  parser_->add(names, "INT", meaning, rules, [&value](const std::string& word) {
    const auto number = integer_of<int>(word);
    value = number.value_or(0);
    return number.has_value();
  });
}

void CommandLine::option(const char* names, std::optional<uint16_t>& value, const char* meaning,
                         const Rules& rules) {
  parser_->add(names, "UINT", meaning, rules, [&value](const std::string& word) {
    value = integer_of<uint16_t>(word);
    return word.empty() || value;
  });
}

void CommandLine::option(const char* names, double& value, const char* meaning,
                         const Rules& rules) {
  Parser::Option& option =
      parser_->add(names, "FLOAT", meaning, rules, [&value](const std::string& word) {
        const auto number = double_of(word);
        value = number.value_or(0);
        return number.has_value();
      });
  if (rules.shows_default) option.unless_given = fmt::format("{:g}", value);
}

void CommandLine::option(const char* names, std::optional<double>& value, const char* meaning,
                         const Rules& rules) {
  parser_->add(names, "FLOAT", meaning, rules, [&value](const std::string& word) {
    value = double_of(word);
    return value.has_value();
  });
}

void CommandLine::flag(const char* names, bool& given, const char* meaning, const Rules& rules) {
  parser_->add(names, nullptr, meaning, rules, [&given](const std::string& word) {
    const auto truth = truth_of(word);
    given = truth.value_or(false);
    return truth.has_value();
  });
}

void CommandLine::flag(const char* names, const std::function<void()>& take, const char* meaning) {
  parser_->add(names, nullptr, meaning, {}, [take](const std::string& word) {
    const auto truth = truth_of(word);
    if (truth.value_or(false)) take();
    return truth.has_value();
  });
}

void CommandLine::rest(std::vector<std::string>& words) {
  parser_->rest = &words;
}

void CommandLine::footer(const char* text) {
  parser_->footer = text;
}

CommandLine& CommandLine::command(const char* name, const char* about) {
  auto parser = std::make_unique<Parser>();
  parser->name = name;
  parser->about = about;
  parser->outer = parser_.get();
  parser_->commands.push_back(std::unique_ptr<CommandLine>(new CommandLine(std::move(parser))));
  return *parser_->commands.back();
}

void CommandLine::require_command() {
  parser_->needs_command = true;
}

void CommandLine::when_parsed(std::function<void()> work) {
  parser_->work = std::move(work);
}

std::optional<std::string> CommandLine::parse(const std::vector<std::string>& words) {
  Parser& line = *parser_;
  if (line.find("--version") == nullptr)
    flag("--version", line.wants_version, "Display program version information and exit");
  Words reversed(words.rbegin(), words.rend());
  line.read(reversed);
  try {
    line.take_values();
    if (line.wants_version) return line.name + " (relmk) " RELMK_VERSION "\n";
    if (line.command != nullptr) line.command->take_values();
    const Parser& meant = line.command == nullptr ? line : *line.command;
    if (!line.options.front().given.empty() || !meant.options.front().given.empty())
      return meant.help();
    line.check_options();
    line.check_left();
  } catch (const WrongNumberOfWords&) {
    if (const auto word = unknown_command(line, words))
      throw WrongUsage("there is no command `" + *word + "`");
    throw;
  }
  line.finish();
  return std::nullopt;
}

const std::string& CommandLine::name() const {
  return parser_->name;
}

}  // namespace relmk::sys
