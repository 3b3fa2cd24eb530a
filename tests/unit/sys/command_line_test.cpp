#include "sys/command_line.h"

#include "catch.h"

namespace sys_command_line_test {

using namespace relmk;
using sys::CommandLine;
using sys::WrongUsage;
using Words = std::vector<std::string>;

namespace {

// What is said of these words; empty where they are taken.
std::string fault(CommandLine& line, const Words& words) {
  try {
    line.parse(words);
  } catch (const WrongUsage& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("command line: an option fills a variable of its type, and one not given leaves it") {
  CommandLine line("x", "about");
  std::string text = "kept";
  fs::path path;
  int whole = 0;
  unsigned count = 0;
  uint16_t port = 0;
  double seconds = 0;
  std::optional<std::string> maybe_text, none;
  std::optional<fs::path> maybe_path;
  std::optional<uint16_t> maybe_port;
  std::optional<double> maybe_seconds;
  line.option("--text", text, "");
  line.option("-p,--path", path, "");
  line.option("--whole", whole, "");
  line.option("--count", count, "");
  line.option("--port", port, "");
  line.option("--seconds", seconds, "");
  line.option("--maybe-text", maybe_text, "");
  line.option("--none", none, "");
  line.option("--maybe-path", maybe_path, "");
  line.option("--maybe-port", maybe_port, "");
  line.option("--maybe-seconds", maybe_seconds, "");
  CHECK_FALSE(line.parse({"-p", "a b", "--whole=-3", "--count", "4", "--port", "65535", "--seconds",
                          "0.5", "--maybe-text", "t", "--maybe-path", "c", "--maybe-port", "1",
                          "--maybe-seconds", "2"}));
  CHECK(text == "kept");
  CHECK(path == "a b");
  CHECK(whole == -3);
  CHECK(count == 4);
  CHECK(port == 65535);
  CHECK(seconds == 0.5);
  CHECK(maybe_text == "t");
  CHECK_FALSE(none);
  CHECK(maybe_path == fs::path("c"));
  CHECK(maybe_port == 1);
  CHECK(maybe_seconds == 2.0);
}

TEST_CASE("command line: what is no value of the type is wrong usage") {
  CommandLine line("x", "about");
  unsigned count = 7;
  uint16_t port = 0;
  line.option("--count", count, "");
  line.option("--port", port, "");
  CHECK(fault(line, {"--count", "many"}) == "Could not convert: --count = many");
  CHECK_FALSE(fault(line, {"--count", "-1"}).empty());
  CHECK_FALSE(fault(line, {"--port", "65536"}).empty());
  CHECK_FALSE(fault(line, {"--count"}).empty());
  CHECK_FALSE(fault(line, {"--count", "1", "--count", "2"}).empty());
  CHECK_FALSE(fault(line, {"--other"}).empty());
  CHECK_FALSE(fault(line, {"word"}).empty());
}

TEST_CASE("command line: operands are known by their place, and may be required") {
  CommandLine line("x", "about");
  std::string from;
  std::vector<fs::path> to;
  line.option("FROM", from, "", {.is_required = true});
  line.option("TO", to, "");
  CHECK(fault(line, {}) == "FROM is required");
  CHECK_FALSE(line.parse({"a", "b", "c"}));
  CHECK(from == "a");
  CHECK(to == std::vector<fs::path>{"b", "c"});
  CHECK(line.operands() == Words{"FROM", "TO"});
}

TEST_CASE("command line: a list takes all words that follow, or one for each name") {
  CommandLine line("x", "about");
  std::vector<std::string> many, one, split;
  std::string operand;
  line.option("--many", many, "");
  line.option("--one", one, "", {.one_each = true});
  line.option("--split", split, "", {.separator = ','});
  line.option("OPERAND", operand, "");
  line.parse({"--one", "a", "o", "--one", "b", "--many", "c", "d", "--split", "e,f"});
  CHECK(one == Words{"a", "b"});
  CHECK(operand == "o");
  CHECK(many == Words{"c", "d"});
  CHECK(split == Words{"e", "f"});
}

TEST_CASE("command line: a range has both its ends, and says its type") {
  CommandLine line("x", "about");
  double seconds = 0;
  unsigned count = 0;
  std::optional<double> maybe;
  line.option("--seconds", seconds, "", {.range = {{0, 10}}});
  line.option("--count", count, "", {.range = {{1, 3}}});
  line.option("--maybe", maybe, "", {.range = {{0, 1}}});
  CHECK(fault(line, {"--seconds", "0", "--count", "3"}).empty());
  CHECK(fault(line, {"--seconds", "10", "--count", "1"}).empty());
  // CLI11 writes the range in more than one way.
  CHECK(fault(line, {"--seconds", "10.5"}).starts_with("--seconds: Value 10.5 not in range "));
  CHECK(fault(line, {"--seconds", "nan"}).starts_with("--seconds: Value nan not in range "));
  CHECK(fault(line, {"--seconds", "inf"}).starts_with("--seconds: Value inf not in range "));
  CHECK(fault(line, {"--count", "4"}).starts_with("--count: Value 4 not in range "));
  CHECK_FALSE(fault(line, {"--maybe", "2"}).empty());
  CHECK(line.help().find("UINT:UINT in [1 - 3]") != std::string::npos);
}

TEST_CASE("command line: choices, and a fault that the tool finds itself") {
  CommandLine line("x", "about");
  std::string mode, pair;
  line.option("--mode", mode, "", {.choices = {"dev", "prod"}});
  line.option("--pair", pair, "", {.fault = [](const std::string& text) {
                return text == "a=b" ? std::string() : "expected a=b";
              }});
  CHECK(fault(line, {"--mode", "dev", "--pair", "a=b"}).empty());
  CHECK(fault(line, {"--mode", "odd"}) == "--mode: odd not in {dev,prod}");
  CHECK(fault(line, {"--pair", "c"}) == "--pair: expected a=b");
}

TEST_CASE("command line: one option excludes another, or needs it") {
  CommandLine line("x", "about");
  bool first = false, second = false;
  std::string third;
  line.flag("--first", first, "");
  line.flag("--second", second, "", {.excludes = "--first"});
  line.option("--third", third, "", {.needs = "--second"});
  CHECK_FALSE(fault(line, {"--first", "--second"}).empty());
  CHECK_FALSE(fault(line, {"--third", "a"}).empty());
  CHECK(fault(line, {"--third", "a", "--second"}).empty());
  CHECK(second);
}

TEST_CASE("command line: a value may be taken by a function, and so may a flag") {
  CommandLine line("x", "about");
  std::string taken;
  Words all;
  int given = 0;
  line.option("--take", [&](const std::string& text) { taken = text; }, "",
              {.choices = {"a", "b"}});
  line.options("--all", [&](const Words& words) { all = words; }, "", {.one_each = true});
  line.flag(
      "--flag", [&] { ++given; }, "");
  line.parse({"--take", "b", "--all", "c", "--all", "d", "--flag"});
  CHECK(taken == "b");
  CHECK(all == Words{"c", "d"});
  CHECK(given == 1);
  CHECK_FALSE(fault(line, {"--take", "c"}).empty());
}

TEST_CASE("command line: the rest is taken as it is, options too") {
  CommandLine line("x", "about");
  bool flag = false;
  Words words;
  line.flag("--flag", flag, "");
  line.rest(words);
  line.parse({"--flag", "word", "--flag", "--other"});
  CHECK(flag);
  CHECK(words == Words{"word", "--flag", "--other"});
}

TEST_CASE("command line: a command has options of its own, and is told when it is given") {
  CommandLine line("x", "about");
  std::string outer, given;
  bool flag = false;
  line.option("--outer", outer, "");
  line.require_command();
  for (const char* name : {"one", "two"}) {
    CommandLine& command = line.command(name, "about it");
    command.flag("--flag", flag, "");
    if (name == std::string("two")) command.take_outer_options();
    command.when_parsed([&given, name] { given = name; });
  }
  CHECK(fault(line, {}) == "A subcommand is required");
  CHECK(fault(line, {"--outer", "a", "one", "--flag"}).empty());
  CHECK(given == "one");
  CHECK(flag);
  CHECK_FALSE(fault(line, {"one", "--outer", "b"}).empty());
  CHECK(fault(line, {"two", "--outer", "b"}).empty());
  CHECK(given == "two");
  CHECK(outer == "b");
}

TEST_CASE("command line: a word that is no command is named") {
  for (const bool is_required : {false, true}) {
    CommandLine line("x", "about");
    std::string option, operand;
    line.option("--option", option, "");
    line.take_outer_options();
    if (is_required) line.require_command();
    line.command("part", "").option("OPERAND", operand, "", {.is_required = true});
    CHECK(fault(line, {"prat", "a"}) == "there is no command `prat`");
    CHECK(fault(line, {"--option", "v", "prat"}) == "there is no command `prat`");
    CHECK(fault(line, {"a", "part"}) == "there is no command `a`");
    CHECK_THAT(fault(line, {"--other", "a"}), !Catch::Matchers::ContainsSubstring("no command"));
    CHECK_THAT(fault(line, {"part", "a", "b"}),
               Catch::Matchers::ContainsSubstring("not expected: b"));
  }
}

TEST_CASE("command line: who is told at the end may refuse it all") {
  CommandLine line("x", "about");
  line.when_parsed([] { throw WrongUsage("not so"); });
  CHECK(fault(line, {}) == "not so");
}

TEST_CASE("command line: help and version are texts, and nobody is told") {
  CommandLine line("x", "Does it.");
  std::string value = "v", operand;
  bool told = false;
  line.option("--value", value, "what it is", {.value = "WORD", .shows_default = true});
  line.option("OPERAND", operand, "a word");
  line.footer("The end.");
  line.command("part", "Does a part.").option("--other", value, "another");
  line.when_parsed([&] { told = true; });
  const std::string help = line.parse({"--help"}).value();
  CHECK_THAT(help, Catch::Matchers::ContainsSubstring("Does it.") &&
                       Catch::Matchers::ContainsSubstring("--value WORD") &&
                       Catch::Matchers::ContainsSubstring("The end."));
  CHECK(line.parse({"-h"}) == help);
  CHECK(line.help() == help);
  CHECK_THAT(line.parse({"part", "--help"}).value(), Catch::Matchers::ContainsSubstring("--other"));
  CHECK(line.parse({"--version"}).value().starts_with("x (relmk) "));
  CHECK_FALSE(told);
  CHECK(line.name() == "x");
}

TEST_CASE("command line: -h may be an option's own") {
  CommandLine line("x", "about");
  std::string host;
  line.give_up_short_help();
  line.option("-h,--host", host, "");
  CHECK_FALSE(line.parse({"-h", "there"}));
  CHECK(host == "there");
  CHECK(line.parse({"--help"}));
  CHECK(line.long_names() == Words{"--help", "--host", "--version"});
}

}  // namespace sys_command_line_test
