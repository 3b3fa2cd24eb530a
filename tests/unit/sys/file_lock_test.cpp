#include "sys/file_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include "catch.h"
#include "child_process.h"
#include "scratch.h"
#include "sys/error.h"

namespace sys_file_lock_test {

using namespace relmk;
using namespace relmk::sys;

TEST_CASE("file lock: it is there, for files and for directories, as long as the object lives") {
  const Scratch scratch;
  for (const fs::path& path : {scratch.path / "file", scratch.path}) {
    const auto try_it = [&] {
      const int status = status_of_process([&] {
        const FileLock lock(path, std::chrono::seconds(0));
        ::_exit(0);
      });
      return status == 0;
    };
    {
      const FileLock lock(path, std::chrono::seconds(0));
      CHECK_FALSE(try_it());
    }
    CHECK(try_it());
  }
}

TEST_CASE("file lock: who does not get it in time is told who holds it") {
  const Scratch scratch;
  const fs::path path = scratch.path / "file";
  const FileLock lock(path, std::chrono::seconds(0));
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  const std::string holder = lock_holder(fd);
  ::close(fd);
  // A sandbox may show no locks.
  if (holder != "another process")
    CHECK(holder.starts_with("process " + std::to_string(::getpid()) + " ("));
  CHECK_THROWS_WITH(FileLock(path, std::chrono::seconds(0)),
                    path.native() + ": error: is still locked by " + holder + " after 0 seconds");
}

TEST_CASE("file lock: where no file can be made it is an error") {
  const Scratch scratch;
  CHECK_THROWS_AS(FileLock(scratch.path / "none/file", std::chrono::seconds(0)), Error);
}

}  // namespace sys_file_lock_test
