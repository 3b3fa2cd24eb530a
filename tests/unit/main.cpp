// Runs all unit tests, and ends with a line of how many test cases passed and failed.
#define CATCH_CONFIG_RUNNER
#include "catch.h"

#include <cstdio>

namespace {

#if __has_include(<catch2/catch_all.hpp>)
using Listener = Catch::EventListenerBase;
#else
using Listener = Catch::TestEventListenerBase;
#endif

struct Count : Listener {
  using Listener::Listener;
  void testRunEnded(Catch::TestRunStats const& stats) override {
    std::fflush(stdout);
    std::printf("unit: %d passed, %d failed\n", static_cast<int>(stats.totals.testCases.passed),
                static_cast<int>(stats.totals.testCases.failed));
  }
};
CATCH_REGISTER_LISTENER(Count)

}  // namespace

int main(int argc, char** argv) {
  return Catch::Session().run(argc, argv);
}
