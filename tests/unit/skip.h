// A test case that says that it can't be run here.
#pragma once

#include <cstdio>
#include <string>

#include "catch.h"

namespace relmk {

// Prints `skip - CASE: WHY`, as the scripts of tests/e2e do; the case returns after it.
inline void skip(const char* why) {
  const std::string name = Catch::getResultCapture().getCurrentTestName();
  std::printf("skip - %s: %s\n", name.c_str(), why);
  std::fflush(stdout);
}

}  // namespace relmk
