#include "sys/directory.h"

#include <algorithm>

#include "catch.h"
#include "scratch.h"

namespace sys_directory_test {

using namespace relmk;
using namespace relmk::sys;

TEST_CASE("directory: the names in it, those with a suffix, none of what is no directory") {
  const Scratch scratch;
  for (const char* name : {"a.app", "b.beam", ".app"})
    write_file(scratch.path / name, "");
  make_directories(scratch.path / "c.app");
  std::vector<std::string> names = names_in(scratch.path);
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{".app", "a.app", "b.beam", "c.app"});
  names = names_in(scratch.path, ".app");
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{".app", "a.app", "c.app"});
  CHECK(names_in(scratch.path / "none").empty());
  CHECK(names_in(scratch.path / "a.app").empty());
}

}  // namespace sys_directory_test
