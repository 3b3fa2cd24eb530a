// Runs the unit tests, and ends with a line of how many test cases passed and failed.
//
//   unit [--part I/N] [Catch2's options and patterns]
//
// --part: every Nth of the test cases that the patterns mean, beginning with the Ith (from 1 on):
// the parts can be run beside each other.
#define CATCH_CONFIG_RUNNER
#include "catch.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

#if __has_include(<catch2/catch_all.hpp>)
using Listener = Catch::EventListenerBase;
#else
using Listener = Catch::TestEventListenerBase;
#endif

void print_counts(int passed, int failed) {
  std::fflush(stdout);
  std::printf("unit: %d passed, %d failed\n", passed, failed);
}

struct Count : Listener {
  using Listener::Listener;
  void testRunEnded(Catch::TestRunStats const& stats) override {
    print_counts(static_cast<int>(stats.totals.testCases.passed),
                 static_cast<int>(stats.totals.testCases.failed));
  }
};
CATCH_REGISTER_LISTENER(Count)

struct Part {
  size_t index = 0, of = 0;  // index counts from 1; of 0: all test cases
};

// Of `I/N`. Anything else ends the program.
Part read_part(const char* text) {
  char* end = nullptr;
  Part part;
  part.index = std::strtoul(text, &end, 10);
  if (*end == '/') part.of = std::strtoul(end + 1, &end, 10);
  if (*end == '\0' && part.index > 0 && part.index <= part.of) return part;
  std::fprintf(stderr, "unit: error: expected --part I/N, not %s\n", text);
  std::exit(2);
}

// A pattern that means the test case of this name alone.
std::string exactly(const std::string& name) {
  std::string pattern;
  for (const char c : name) {
    if (std::strchr("[],\\", c) != nullptr) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::vector<std::string> tests_of(Part part, const Catch::IConfig& config) {
  std::vector<std::string> patterns;
  size_t count = 0;
  for (const auto& test :
       Catch::filterTests(Catch::getAllTestCasesSorted(config), config.testSpec(), config)) {
    if (count++ % part.of != part.index - 1) continue;
    patterns.push_back(exactly(test.getTestCaseInfo().name));
    patterns.emplace_back(",");  // or
  }
  return patterns;
}

}  // namespace

int main(int argc, char** argv) {
  Part part;
  if (argc > 2 && std::strcmp(argv[1], "--part") == 0) {
    part = read_part(argv[2]);
    argv[2] = argv[0];
    argc -= 2;
    argv += 2;
  }
  Catch::Session session;
  if (const int fault = session.applyCommandLine(argc, argv)) return fault;
  if (part.of > 0) {
    Catch::ConfigData chosen = session.configData();
    chosen.testsOrTags = tests_of(part, session.config());
    if (chosen.testsOrTags.empty()) {
      print_counts(0, 0);
      return 0;
    }
    session.useConfigData(chosen);
  }
  return session.run();
}
