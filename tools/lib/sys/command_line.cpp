#include "sys/command_line.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <type_traits>

#include "sys/version.h"

namespace relmk::sys {

struct CommandLine::Parser {
  std::unique_ptr<CLI::App> owned;  // of a tool; a command's is its tool's
  CLI::App* app = nullptr;
  std::vector<std::unique_ptr<CommandLine>> commands;
  std::vector<std::string>* rest = nullptr;
  std::function<void()> work;

  void call_back() {
    app->callback([this] {
      if (rest != nullptr) *rest = app->remaining();
      if (work) work();
    });
  }
};

namespace {

// What a value is when it is there: the type in which it is compared with a range.
template <typename Value>
struct Single {
  using Type = Value;
};
template <typename Value>
struct Single<std::optional<Value>> {
  using Type = Value;
};

template <typename Value>
void set_range(CLI::Option& option, const OptionRules::Range& range) {
  if constexpr (std::is_arithmetic_v<Value>) {
    using Compared = decltype(+Value());
    option.check(CLI::Range(static_cast<Compared>(range.least), static_cast<Compared>(range.most)));
  }
  // CLI11 takes this for a number in any range.
  if constexpr (std::is_floating_point_v<Value>) {
    option.check([range](const std::string& word) {
      return std::isnan(std::strtod(word.c_str(), nullptr))
                 ? fmt::format("Value {} not in range {} to {}", word, range.least, range.most)
                 : std::string();
    });
  }
}

void set_rules(CLI::Option& option, CLI::App& app, const OptionRules& rules) {
  if (rules.value != nullptr) option.type_name(rules.value);
  if (rules.is_required) option.required();
  if (rules.shows_default) option.capture_default_str();
  if (rules.one_each) option.allow_extra_args(false);
  if (rules.separator != '\0') option.delimiter(rules.separator);
  if (!rules.choices.empty()) option.check(CLI::IsMember(rules.choices));
  if (rules.fault != nullptr) option.check(rules.fault);
  if (rules.excludes != nullptr) option.excludes(app.get_option(rules.excludes));
  if (rules.needs != nullptr) option.needs(app.get_option(rules.needs));
}

template <typename Value>
void add_option(CLI::App& app, const char* names, Value& value, const char* meaning,
                const OptionRules& rules) {
  CLI::Option& option = *app.add_option(names, value, meaning);
  if (rules.range) set_range<typename Single<Value>::Type>(option, *rules.range);
  set_rules(option, app, rules);
}

// The word that stands where a command should; nullopt where that is not what is wrong.
std::optional<std::string> unknown_command(const CLI::App& app,
                                           const std::vector<std::string>& words) {
  if (app.get_subcommands({}).empty()) return std::nullopt;
  const std::vector<std::string> left = app.remaining();
  const auto given = app.get_subcommands();
  const auto end = given.empty() ? words.end()
                                 : std::find(words.begin(), words.end(), given.front()->get_name());
  const auto first = std::find_if(words.begin(), end, [&](const std::string& word) {
    return std::find(left.begin(), left.end(), word) != left.end();
  });
  if (first == end || first->starts_with('-')) return std::nullopt;
  return *first;
}

}  // namespace

CommandLine::CommandLine(std::string name, std::string about)
    : parser_(std::make_unique<Parser>()) {
  parser_->owned = std::make_unique<CLI::App>(std::move(about), std::move(name));
  parser_->app = parser_->owned.get();
}

CommandLine::CommandLine(std::unique_ptr<Parser> parser) : parser_(std::move(parser)) {}

CommandLine::~CommandLine() = default;

void CommandLine::option(const char* names, std::string& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, fs::path& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, int& value, const char* meaning, const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, unsigned& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, uint16_t& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, double& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, std::optional<std::string>& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, std::optional<fs::path>& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, std::optional<uint16_t>& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, std::optional<double>& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, std::vector<std::string>& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, std::vector<fs::path>& value, const char* meaning,
                         const Rules& rules) {
  add_option(*parser_->app, names, value, meaning, rules);
}

void CommandLine::option(const char* names, const TakeValue& take, const char* meaning,
                         const Rules& rules) {
  CLI::App& app = *parser_->app;
  set_rules(*app.add_option_function<std::string>(names, take, meaning), app, rules);
}

void CommandLine::options(const char* names, const TakeValues& take, const char* meaning,
                          const Rules& rules) {
  CLI::App& app = *parser_->app;
  set_rules(*app.add_option_function<std::vector<std::string>>(names, take, meaning), app, rules);
}

void CommandLine::flag(const char* names, bool& given, const char* meaning, const Rules& rules) {
  CLI::App& app = *parser_->app;
  set_rules(*app.add_flag(names, given, meaning), app, rules);
}

void CommandLine::flag(const char* names, const std::function<void()>& take, const char* meaning) {
  parser_->app->add_flag_callback(names, take, meaning);
}

void CommandLine::rest(std::vector<std::string>& words) {
  parser_->rest = &words;
  parser_->app->prefix_command();
  parser_->call_back();
}

void CommandLine::footer(const char* text) {
  parser_->app->footer(text);
}

void CommandLine::give_up_short_help() {
  parser_->app->set_help_flag("--help", "Print this help message and exit");
}

CommandLine& CommandLine::command(const char* name, const char* about) {
  auto parser = std::make_unique<Parser>();
  parser->app = parser_->app->add_subcommand(name, about);
  parser_->commands.push_back(std::unique_ptr<CommandLine>(new CommandLine(std::move(parser))));
  return *parser_->commands.back();
}

void CommandLine::require_command() {
  parser_->app->require_subcommand(1);
}

void CommandLine::take_outer_options() {
  parser_->app->fallthrough();
}

void CommandLine::when_parsed(std::function<void()> work) {
  parser_->work = std::move(work);
  parser_->call_back();
}

std::optional<std::string> CommandLine::parse(const std::vector<std::string>& words) {
  CLI::App& app = *parser_->app;
  app.set_version_flag("--version", app.get_name() + " (relmk) " RELMK_VERSION);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return app.help();
  } catch (const CLI::CallForVersion& version) {
    return version.what() + std::string("\n");
  } catch (const CLI::ParseError& error) {
    const bool lacks = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
    const bool has_more = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
    if (const auto word = lacks || has_more ? unknown_command(app, words) : std::nullopt)
      throw WrongUsage("there is no command `" + *word + "`");
    throw WrongUsage(error.what());
  }
  return std::nullopt;
}

const std::string& CommandLine::name() const {
  return parser_->app->get_name();
}

std::string CommandLine::help() const {
  return parser_->app->help();
}

std::vector<std::string> CommandLine::long_names() const {
  std::vector<std::string> names;
  for (const CLI::Option* option : parser_->app->get_options())
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
  return names;
}

std::vector<std::string> CommandLine::operands() const {
  std::vector<std::string> names;
  for (const CLI::Option* option : parser_->app->get_options())
    if (option->get_positional()) names.push_back(option->get_name(true));
  return names;
}

}  // namespace relmk::sys
