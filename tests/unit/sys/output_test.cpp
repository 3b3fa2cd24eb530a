#include "sys/output.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <thread>

#include "catch.h"
#include "child_process.h"
#include "scratch.h"
#include "sys/error.h"

namespace sys_output_test {

using namespace relmk;
using namespace relmk::sys;
using Catch::Matchers::ContainsSubstring;

namespace {

bool is_link(const fs::path& path) {
  return fs::is_symlink(fs::symlink_status(path));
}

}  // namespace

TEST_CASE("output: a link is followed, and stays") {
  const Scratch scratch;
  write_file(scratch.path / "target", "old");
  fs::create_symlink("target", scratch.path / "link");
  fs::create_symlink(scratch.path / "link", scratch.path / "link of link");
  write_output(scratch.path / "link of link", "new");
  CHECK(read_file(scratch.path / "target") == "new");
  CHECK(is_link(scratch.path / "link"));
  CHECK(is_link(scratch.path / "link of link"));
}

TEST_CASE("output: a link that leads nowhere makes what it leads to") {
  const Scratch scratch;
  fs::create_directory(scratch.path / "d");
  fs::create_symlink("d/target", scratch.path / "link");
  write_output(scratch.path / "link", "new");
  CHECK(read_file(scratch.path / "d/target") == "new");
}

TEST_CASE("output: a named pipe is written into, and stays one") {
  const Scratch scratch;
  const fs::path pipe = scratch.path / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string text(1U << 18, 'x');  // more than a pipe holds
  std::string got;
  std::thread reader([&] {
    const int fd = ::open(pipe.c_str(), O_RDONLY | O_CLOEXEC);
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(fd, buffer, sizeof buffer)) > 0;)
      got.append(buffer, static_cast<size_t>(n));
    ::close(fd);
  });
  write_output(pipe, text);
  reader.join();
  CHECK(got == text);
  CHECK(fs::is_fifo(fs::status(pipe)));
}

TEST_CASE("output: a device is written into, and what it refuses is an error") {
  const Scratch scratch;
  write_output("/dev/null", "x");
  CHECK(fs::is_character_file("/dev/null"));
  fs::create_symlink("/dev/full", scratch.path / "link");
  CHECK_THROWS_WITH(write_output(scratch.path / "link", "x"),
                    ContainsSubstring("link: error: cannot write: No space left on device"));
}

TEST_CASE("output: /dev/fd/N is written into as it was opened") {
  const Scratch scratch;
  const fs::path file = scratch.path / "file";
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(::write(fd, "a", 1) == 1);
  write_output("/dev/fd/" + std::to_string(fd), "b");
  fs::create_symlink("/proc/self/fd/" + std::to_string(fd), scratch.path / "link");
  write_output(scratch.path / "link", "c");
  ::close(fd);
  CHECK(read_file(file) == "abc");
}

TEST_CASE("output: a directory, a socket and links in a circle are refused") {
  const Scratch scratch;
  CHECK_THROWS_WITH(write_output(scratch.path, "x"), ContainsSubstring("Is a directory"));
  fs::create_symlink("b", scratch.path / "a");
  fs::create_symlink("a", scratch.path / "b");
  CHECK_THROWS_WITH(write_output(scratch.path / "a", "x"), ContainsSubstring("symbolic links"));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = (scratch.path / "s").string();
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  CHECK_THROWS_WITH(write_output(path, "x"), ContainsSubstring("it is a socket"));
  ::close(fd);
  CHECK_THROWS_WITH(write_output(scratch.path / "no" / "file", "x"),
                    ContainsSubstring("No such file"));
}

TEST_CASE("output: of files that belong together none is touched when one can't be written") {
  const Scratch scratch;
  write_file(scratch.path / "a", "old");
  CHECK_THROWS(write_outputs({{scratch.path / "a", "new"}, {scratch.path, "new"}}));
  CHECK_THROWS(write_outputs({{scratch.path / "a", "new"}, {scratch.path / "no/b", "new"}}));
  CHECK(read_file(scratch.path / "a") == "old");
}

TEST_CASE("output: only a regular file is one that may be worth keeping") {
  const Scratch scratch;
  CHECK_FALSE(is_regular_output(scratch.path / "none"));
  CHECK_FALSE(is_regular_output("/dev/null"));
  write_file(scratch.path / "file", "x");
  fs::create_symlink("file", scratch.path / "link");
  CHECK(is_regular_output(scratch.path / "link"));
}

TEST_CASE("output: a pipe that nobody reads ends no tool") {
  const int status = status_of_process([] {
    std::signal(SIGPIPE, SIG_DFL);
    prepare_standard_streams();
    int ends[2];
    if (::pipe(ends) != 0) ::_exit(1);
    ::close(ends[0]);
    ::_exit(::write(ends[1], "x", 1) < 0 && errno == EPIPE ? 0 : 1);
  });
  CHECK(status == 0);
}

TEST_CASE("output: no file takes the number of a standard stream that was closed") {
  const int status = status_of_process([] {
    for (const int number : {0, 1, 2})
      ::close(number);
    prepare_standard_streams();
    const bool fails = ::write(1, "x", 1) < 0 && ::write(2, "x", 1) == 1;  // but to nobody
    ::_exit(fails && ::open("/dev/null", O_RDONLY | O_CLOEXEC) > 2 ? 0 : 1);
  });
  CHECK(status == 0);
}

}  // namespace sys_output_test
