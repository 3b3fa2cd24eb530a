#include "node/session/node_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catch.h"
#include "scratch.h"

namespace node_node_process_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// A shell that stops itself, with these arguments, run from a file.
class Sleeper {
 public:
  explicit Sleeper(std::vector<std::string> arguments, const std::string& file = "/bin/sh") {
    arguments.insert(arguments.begin() + 1, {"-c", "kill -STOP $$"});
    std::vector<char*> words;
    for (std::string& word : arguments)
      words.push_back(word.data());
    words.push_back(nullptr);
    id_ = ::fork();
    if (id_ == 0) {
      ::execv(file.c_str(), words.data());
      ::_exit(127);
    }
    ::waitpid(id_, nullptr, WUNTRACED);
  }
  ~Sleeper() {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  pid_t id() const { return id_; }

 private:
  pid_t id_;
};

}  // namespace

TEST_CASE("node process: is the VM of that name") {
  const std::string name = "found_" + std::to_string(::getpid());
  const Sleeper vm({"/usr/lib/erlang/erts-13.1/bin/beam.smp", "-sname", name + "@127.0.0.1"});
  const auto found = find_node_process({name, "127.0.0.1"});
  REQUIRE(found);
  CHECK(found->id == vm.id());
  CHECK(found->is_stopped);
  CHECK(found->ports.empty());
}

// As erlexec starts it where ESCRIPT_NAME is set, which relx's start script and relmk's do.
TEST_CASE("node process: is the VM of that name, whatever its first argument is") {
  const Scratch scratch;
  const fs::path emulator = scratch.path / "beam.smp";
  fs::copy_file("/bin/sh", emulator);
  const std::string name = "as_script_" + std::to_string(::getpid());
  const Sleeper vm({"/srv/r/bin/r", "-name", name + "@127.0.0.1"}, emulator);
  const auto found = find_node_process({name, "127.0.0.1"});
  REQUIRE(found);
  CHECK(found->id == vm.id());
}

TEST_CASE("node process: is none where no VM has the name") {
  const Sleeper other({"vim", "-name", "nosuch_77@127.0.0.1"});
  CHECK_FALSE(find_node_process({"nosuch_77", "127.0.0.1"}));
}

}  // namespace node_node_process_test
