#include "node/session/node_process.h"

#include <unistd.h>

#include "catch.h"
#include "named_process.h"
#include "node/session/target.h"
#include "scratch.h"
#include "skip.h"

namespace node_node_process_test {

using namespace relmk;
using namespace relmk::node;

TEST_CASE("node process: is the VM of that name") {
  const std::string name = "found_" + std::to_string(::getpid());
  const NamedProcess vm({"/usr/lib/erlang/erts-13.1/bin/beam.smp", "-sname", name + "@127.0.0.1"});
  const auto found = find_node_process({name, "127.0.0.1"});
  REQUIRE(found);
  CHECK(found->id == vm.id());
  CHECK(found->is_stopped);
  CHECK(found->is_new);
  CHECK(found->ports.empty());
  CHECK(found->epmd_port == epmd_port(sys::process_environment()));
}

// As erlexec starts it where ESCRIPT_NAME is set, which relx's start script and relmk's do.
TEST_CASE("node process: is the VM of that name, whatever its first argument is") {
  const Scratch scratch;
  const fs::path emulator = scratch.path / "beam.smp";
  fs::copy_file("/bin/sh", emulator);
  const std::string name = "as_script_" + std::to_string(::getpid());
  const NamedProcess vm({"/srv/r/bin/r", "-name", name + "@127.0.0.1"}, {.file = emulator});
  const auto found = find_node_process({name, "127.0.0.1"});
  REQUIRE(found);
  CHECK(found->id == vm.id());
}

TEST_CASE("node process: is none in another network, as a container has") {
  const std::string name = "apart_" + std::to_string(::getpid());
  const NamedProcess vm({"/bin/beam.smp", "-name", name + "@127.0.0.1"}, {.other_network = true});
  if (!vm.runs()) return skip("that needs root");
  CHECK_FALSE(find_node_process({name, "127.0.0.1"}));
}

TEST_CASE("node process: is none where no VM has the name") {
  const NamedProcess other({"vim", "-name", "nosuch_77@127.0.0.1"});
  CHECK_FALSE(find_node_process({"nosuch_77", "127.0.0.1"}));
}

}  // namespace node_node_process_test
