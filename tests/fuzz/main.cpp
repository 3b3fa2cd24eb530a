// libFuzzer's entry. FUZZ_TARGET in the environment names what is fuzzed; tests/fuzz/run sets it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sys/error.h"
#include "targets.h"

using namespace relmk;

namespace {

fuzz::Target wanted_target() {
  const char* name = std::getenv("FUZZ_TARGET");
  for (const fuzz::Target& target : fuzz::targets()) {
    if (name != nullptr && std::string_view(name) == target.name) return target;
  }
  std::fputs("FUZZ_TARGET is to be one of:", stderr);
  for (const fuzz::Target& target : fuzz::targets())
    std::fprintf(stderr, " %s", target.name);
  std::fputs("\n", stderr);
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const fuzz::Target target = wanted_target();
  try {
    target.run({reinterpret_cast<const char*>(data), size});
  } catch (const Error&) {
  }
  return 0;
}
