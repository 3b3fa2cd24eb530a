// The targets of tests/fuzz over their seeds (tests/fuzz/seeds/TARGET/NAME), whole and cut off, and
// over the seeds of each other: so they stay compiling, and what fuzzing found stays mended.
#include "../fuzz/targets.h"

#include "catch.h"
#include "fuzz_seeds.h"
#include "sys/directory.h"
#include "sys/error.h"
#include "sys/files.h"
#include "warnings.h"

using namespace relmk;

namespace {

constexpr size_t kCuts = 20;

// The texts of a directory of seeds.
std::vector<std::string> seeds(const fs::path& directory) {
  std::vector<std::string> texts;
  for (const auto& entry : fs::directory_iterator(directory))
    texts.push_back(sys::read_file(entry.path()));
  return texts;
}

// Whether the target takes the bytes without an Error. Any other exception ends the test.
bool takes(const fuzz::Target& target, std::string_view bytes) {
  try {
    target.run(bytes);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("fuzz: targets take a seed of their own") {
  for (const fuzz::Target& target : fuzz::targets()) {
    const Warnings warnings;
    bool any = false;
    for (const std::string& text : seeds(fs::path(FUZZ_SEEDS) / target.name))
      any |= takes(target, text);
    INFO(target.name);
    // A handshake ends with an answer to a challenge that is another one each time, a node has its
    // time.
    const std::string name = target.name;
    CHECK((any || name == "handshake" || name == "node-answers"));
  }
}

TEST_CASE("fuzz: targets refuse seeds that are cut off and those of others as errors") {
  for (const fuzz::Target& target : fuzz::targets()) {
    INFO(target.name);
    const Warnings warnings;
    for (const auto& directory : fs::directory_iterator(FUZZ_SEEDS)) {
      const bool own = directory.path().filename() == target.name;
      for (const std::string& text : seeds(directory.path())) {
        CHECK_NOTHROW(takes(target, text));
        for (size_t cut = 0; own && cut < text.size(); cut += text.size() / kCuts + 1)
          CHECK_NOTHROW(takes(target, std::string_view(text).substr(0, cut)));
      }
    }
  }
}
