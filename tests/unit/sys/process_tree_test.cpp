#include "sys/process_tree.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "catch.h"
#include "sys/memory_limit.h"

namespace sys_process_tree_test {

using namespace relmk::sys;

namespace {

constexpr size_t kMuch = 64 * kMebibyte;

// A child whose own child holds kMuch. It says so, and waits to be ended.
struct Family {
  Family() {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    parent = ::fork();
    if (parent == 0) {
      if (::fork() == 0) {
        const std::string memory(kMuch, 'x');
        const bool told = ::write(ends[1], memory.data(), 1) == 1;
        while (told)
          ::pause();
      }
      while (true)
        ::pause();
    }
    char byte = 0;
    ::close(ends[1]);
    REQUIRE(::read(ends[0], &byte, 1) == 1);
    end = ends[0];
  }
  // Ends when the pipe's other end is closed, which the grandchild has, too.
  void wait() const {
    char byte = 0;
    CHECK(::read(end, &byte, 1) == 0);
    ::waitpid(parent, nullptr, 0);
    ::close(end);
  }

  pid_t parent = -1;
  int end = -1;
};

}  // namespace

TEST_CASE("process tree: its memory is that of children, too, and a signal reaches them") {
  const Family family;
  const size_t memory = memory_of_tree(family.parent);
  signal_tree(family.parent, SIGKILL);
  family.wait();
  CHECK(memory >= kMuch);
  CHECK(memory_of_tree(family.parent) == 0);
}

TEST_CASE("process tree: what we have mapped is more than what we have touched") {
  const size_t mapped = own_mapped_memory();
  CHECK(mapped >= memory_of_tree(::getpid()) / 2);
  CHECK(mapped > 0);
}

}  // namespace sys_process_tree_test
