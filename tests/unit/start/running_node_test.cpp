#include "start/running_node.h"

#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"
#include "scratch.h"
#include "skip.h"

namespace start_running_node_test {

using namespace relmk;
using namespace relmk::start;

TEST_CASE("running node: a note is read while its process lives, by its owner alone") {
  const Scratch scratch;
  const ReleasePlace release{scratch.path, "demo", "1.0"};
  sys::make_directories(scratch.path / "releases");
  RunningNode node{{"a", "b"},     NameType::Short,     "c@b",
                   "/v m/vm.args", "/h/.erlang.cookie", ::getpid()};
  note_running_node(release, {}, node);
  const auto nodes = running_nodes(release, {});
  REQUIRE(nodes.size() == 1);
  CHECK(nodes[0].node == node.node);
  CHECK(nodes[0].name_type == NameType::Short);
  CHECK(nodes[0].asked == "c@b");
  CHECK(nodes[0].vm_args == "/v m/vm.args");
  CHECK(nodes[0].cookie_file == "/h/.erlang.cookie");
  struct stat status = {};
  REQUIRE(
      ::stat((scratch.path / "releases/.running" / ("a@b." + std::to_string(::getpid()))).c_str(),
             &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("running node: a second process of that name does not hide the first, nor stays noted") {
  const Scratch scratch;
  const ReleasePlace release{scratch.path, "demo", "1.0"};
  sys::make_directories(scratch.path / "releases");
  constexpr int kFirstProcess = 1;  // none is older
  RunningNode node{{"a", "b"}, NameType::Short, "first", "", "", kFirstProcess};
  note_running_node(release, {}, node);
  node.pid = ::getpid();
  node.asked = "second";
  note_running_node(release, {}, node);
  REQUIRE(running_nodes(release, {}).size() == 1);
  CHECK(running_nodes(release, {})[0].asked == "first");
  node.pid = 1 << 22;
  note_running_node(release, {}, node);
  REQUIRE(running_nodes(release, {}).size() == 1);
  CHECK(running_nodes(release, {})[0].pid == kFirstProcess);
  note_running_node(release, {}, node);
  const fs::path notes = scratch.path / "releases/.running";
  CHECK(std::distance(fs::directory_iterator(notes), fs::directory_iterator()) == 3);
}

TEST_CASE("running node: neither a process that ended nor anything else in the place is one") {
  const Scratch scratch;
  const ReleasePlace release{scratch.path, "demo", "1.0"};
  sys::make_directories(scratch.path / "releases/.running");
  note_running_node(release, {}, {{"a", "b"}, NameType::Short, "", "", "", 1 << 22});
  for (const char* text :
       {"", "[].", "x",
        "[{node,1,2},{long,a},{asked,b},{vm_args,c},{cookie_file,d},{process,1,e}]."})
    sys::write_file(scratch.path / "releases/.running/odd", text);
  CHECK(running_nodes(release, {}).empty());
}

TEST_CASE("running node: a stranger's directory of notes is not looked at") {
  if (::geteuid() != 0) return skip("only root can make a stranger's");
  const Scratch scratch;
  // Nothing can be written beside the versions: the notes lie in a directory of this user's.
  const std::string name = "relmk_unit_" + std::to_string(::getpid());
  const ReleasePlace release{scratch.path / "none", name, "1.0"};
  sys::write_file(scratch.path / "none", "");
  const fs::path ours = "/run/" + name;
  note_running_node(release, {}, {{"a", "b"}, NameType::Short, "", "", "", ::getpid()});
  CHECK(running_nodes(release, {}).size() == 1);
  CHECK(::lchown(ours.c_str(), 12345, 12345) == 0);
  CHECK(running_nodes(release, {}).empty());
  fs::remove_all(ours);
}

}  // namespace start_running_node_test
