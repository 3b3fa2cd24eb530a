#include "sys/temporary_directory.h"

#include <sys/stat.h>

#include <optional>

#include "catch.h"
#include "sys/error.h"

namespace sys_temporary_directory_test {

using namespace relmk;

TEST_CASE("temporary directory: is its owner's alone, and goes with what it holds") {
  std::optional<sys::TemporaryDirectory> directory("relmk-unit");
  const fs::path path = directory->path();
  CHECK(path.is_absolute());
  CHECK(path.filename().string().starts_with("relmk-unit."));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0700);
  sys::make_directories(path / "a/b");
  sys::write_file(path / "a/b/c", "x");
  directory.reset();
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("temporary directory: each is another one") {
  const sys::TemporaryDirectory one("relmk-unit"), other("relmk-unit");
  CHECK(one.path() != other.path());
}

TEST_CASE("temporary directory: where none can be made is an error") {
  CHECK_THROWS_AS(sys::TemporaryDirectory("relmk-unit-none/x"), Error);
}

}  // namespace sys_temporary_directory_test
