#include "make/command_line.h"

#include "catch.h"

namespace make_command_line_test {

using namespace relmk;

namespace {

using Words = std::vector<std::string>;

make::CommandLine read(Words words) {
  words.insert(words.begin(), "make");
  return make::read_command_line(words);
}

// What is left beside the program, in one line.
std::string others(const Words& words) {
  const make::CommandLine line = read(words);
  std::string all;
  for (size_t i = 1; i < line.others.size(); ++i)
    all += (i == 1 ? "" : " ") + line.others[i];
  return all;
}

}  // namespace

TEST_CASE("command line: makefiles in every form that make takes") {
  CHECK(
      read({"-f", "a", "-fb", "--file=c", "--makefile", "d", "--makef=e", "-kf", "g"}).makefiles ==
      Words{"a", "b", "c", "d", "e", "g"});
  CHECK(others({"-f", "a", "-kfb", "all"}) == "-k all");
}

TEST_CASE("command line: -C is gone, and known") {
  CHECK(others({"-C", "dir", "-Cx", "--directory=y", "--dir", "z", "all"}) == "all");
  CHECK(read({"-wC", "dir"}).changes_directory);
  CHECK_FALSE(read({"C", "dir"}).changes_directory);
  CHECK(read({"--no-print-directory"}).is_quiet);
}

TEST_CASE("command line: everything else stays as it is") {
  for (const char* words : {"-j4 -k all X=1", "-o f -W Makefile all", "-I f all", "--debug=f -n"}) {
    Words argv;
    std::string rest = words;
    for (size_t blank; (blank = rest.find(' ')) != std::string::npos; rest.erase(0, blank + 1))
      argv.push_back(rest.substr(0, blank));
    argv.push_back(rest);
    CHECK(others(argv) == words);
    CHECK(read(argv).makefiles.empty());
  }
}

TEST_CASE("command line: behind -- nothing is an option, and values are none") {
  CHECK(others({"--", "-f", "a"}) == "-- -f a");
  CHECK(read({"--", "-f", "a"}).makefiles.empty());
  CHECK(others({"-o", "-f", "a"}) == "-o -f a");
  CHECK(read({"-f"}).makefiles == Words{""});
}

}  // namespace make_command_line_test
