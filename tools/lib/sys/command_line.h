// What a tool is told on its command line: options, flags, operands, commands. The tool names them
// and the variables that they fill, then parse() reads the words. CLI11 does the work; only
// command_line.cpp knows it, since its header takes longer to compile than most tools. nodetool
// does the work itself, see tools/nodetool/command_line.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sys/files.h"

namespace relmk::sys {

// The words are not those that the tool takes. The message is a line without the tool's name.
class WrongUsage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What an option asks of its values, and how --help shows it.
struct OptionRules {
  struct Range {
    double least, most;  // both are allowed
  };

  const char* value = nullptr;  // what --help calls the value; its type (TEXT, INT, …) unless said
  bool is_required = false;
  bool shows_default = false;  // --help shows what the variable holds
  bool one_each = false;       // of a list: each value needs the option's name before it
  char separator = '\0';       // of a list: stands between values in one word; 0: nothing does
  std::optional<Range> range = std::nullopt;  // of a number
  std::vector<std::string> choices = {};      // the values that there are; empty: any
  std::string (*fault)(const std::string& value) =
      nullptr;                     // what is wrong with it; empty: nothing
  const char* excludes = nullptr;  // an option, named before, that must not be given with it
  const char* needs = nullptr;     // an option, named before, that must be given with it
};

// A tool's command line, or that of one of its commands. What it is given by reference is filled by
// parse(), and outlives that.
class CommandLine {
 public:
  // `name` and `about` are shown by --help, and `name` by what --version prints.
  CommandLine(std::string name, std::string about);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // An option with a value: `names` are as "-o,--output". Without dashes it is an operand, "FILE",
  // known by its place. Given twice it is wrong usage, unless it fills a list. An overload for each
  // type, so that an executable holds the reading of those types alone that it has.
  using Rules = OptionRules;
  void option(const char* names, std::string& value, const char* meaning, const Rules& = {});
  void option(const char* names, fs::path& value, const char* meaning, const Rules& = {});
  void option(const char* names, int& value, const char* meaning, const Rules& = {});
  void option(const char* names, unsigned& value, const char* meaning, const Rules& = {});
  void option(const char* names, uint16_t& value, const char* meaning, const Rules& = {});
  void option(const char* names, double& value, const char* meaning, const Rules& = {});
  void option(const char* names, std::optional<std::string>&, const char* meaning,
              const Rules& = {});
  void option(const char* names, std::optional<fs::path>&, const char* meaning, const Rules& = {});
  void option(const char* names, std::optional<uint16_t>&, const char* meaning, const Rules& = {});
  void option(const char* names, std::optional<double>&, const char* meaning, const Rules& = {});
  void option(const char* names, std::vector<std::string>&, const char* meaning, const Rules& = {});
  void option(const char* names, std::vector<fs::path>&, const char* meaning, const Rules& = {});

  // An option whose value, or whose list of values, is handed to `take` by parse().
  using TakeValue = std::function<void(const std::string&)>;
  using TakeValues = std::function<void(const std::vector<std::string>&)>;
  void option(const char* names, const TakeValue& take, const char* meaning, const Rules& = {});
  void options(const char* names, const TakeValues& take, const char* meaning, const Rules& = {});

  // An option without a value: sets `given`, or calls `take` where it is given. Of the rules,
  // `excludes` and `needs` count.
  void flag(const char* names, bool& given, const char* meaning, const Rules& = {});
  void flag(const char* names, const std::function<void()>& take, const char* meaning);

  // The first word that is neither an option here nor an option's value, and all that follow it, go
  // to `words`.
  void rest(std::vector<std::string>& words);
  // What --help says below all else.
  void footer(const char* text);
  // -h is not --help here, and may be an option's name.
  void give_up_short_help();

  // A command: its own command line follows its name. This one owns it.
  CommandLine& command(const char* name, const char* about);
  // A command must be given. Unless this is called, none need be.
  void require_command();
  // What a command doesn't know is looked for in the command line that it belongs to.
  void take_outer_options();
  // parse() calls `work` at its end; that of a command, where the command is given. It may throw
  // WrongUsage.
  void when_parsed(std::function<void()> work);

  // Reads `words`, without the tool's name. Returns what --help or --version are to print where one
  // of them is given, and fills no variable then. Throws WrongUsage.
  std::optional<std::string> parse(const std::vector<std::string>& words);

  const std::string& name() const;
  std::string help() const;
  // The names with two dashes, --help's too, and those of operands.
  std::vector<std::string> long_names() const;
  std::vector<std::string> operands() const;

  struct Parser;  // of those who do the work

 private:
  explicit CommandLine(std::unique_ptr<Parser> parser);
  std::unique_ptr<Parser> parser_;
};

}  // namespace relmk::sys
