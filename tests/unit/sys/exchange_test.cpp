#include "sys/exchange.h"

#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <set>

#include "catch.h"
#include "killed_process.h"
#include "scratch.h"
#include "skip.h"
#include "sys/error.h"

namespace sys_exchange_test {

using namespace relmk;
using namespace relmk::sys;

namespace {

// Paths below a directory with what they hold: a file's text, "-> TARGET", or "/" and the mode.
std::map<std::string, std::string> tree(const fs::path& directory) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string path = entry.path().lexically_relative(directory).native();
    if (entry.is_symlink()) {
      all[path] = "-> " + fs::read_symlink(entry.path()).native();
    } else if (entry.is_directory()) {
      all[path] = "/" + std::to_string(static_cast<unsigned>(entry.status().permissions()));
    } else {
      all[path] = read_file(entry.path());
    }
  }
  return all;
}

ino_t inode(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

// A tree with something of each kind, and an exchange of all that can be.
struct Tree {
  Scratch scratch{memory_directory()};
  fs::path root = scratch.path / "r";
  fs::path area = scratch.path / "new";

  Tree() { make(); }

  void make() const {
    remove_tree(scratch.path);
    make_directories(root / "lib/a/ebin");
    write_file(root / "lib/a/ebin/a.beam", "old");
    write_file(root / "others", "others'");
    write_file(root / "gone", "old");
    make_directories(root / "was_directory");
    fs::create_symlink("old", root / "link");
    fs::create_symlink("lib", root / "was_link");
  }

  void stage(Exchange& exchange) const {
    const size_t in = exchange.add_area(area);
    exchange.remove_directory("was_directory", 0755);
    write_file(exchange.staged(exchange.place(in, "was_directory")), "new");
    exchange.remove(in, "was_link");
    const fs::path directory = exchange.staged(exchange.place(in, "was_link"));
    make_directories(directory / "below");
    write_file(directory / "below/file", "new");
    write_file(exchange.staged(exchange.replace(in, "lib/a/ebin/a.beam")), "new");
    fs::create_symlink("new", exchange.staged(exchange.replace(in, "link")));
    write_file(exchange.staged(exchange.place(in, "lib/a/b\n\\c")), "new");
    exchange.remove(in, "gone");
    exchange.change_mode("lib", 0755, 0555);
  }

  void run() const {
    Exchange exchange(root, "nodetool");
    stage(exchange);
    exchange.carry_out();
  }
};

}  // namespace

TEST_CASE("exchange: what is staged comes in place, and what no step names stays") {
  const Tree t;
  const ino_t root = inode(t.root);
  const ino_t others = inode(t.root / "others");
  const ino_t directory = inode(t.root / "lib/a/ebin");
  t.run();
  CHECK(tree(t.root) == std::map<std::string, std::string>{{"lib", "/365"},
                                                           {"lib/a", "/493"},
                                                           {"lib/a/b\n\\c", "new"},
                                                           {"lib/a/ebin", "/493"},
                                                           {"lib/a/ebin/a.beam", "new"},
                                                           {"link", "-> new"},
                                                           {"others", "others'"},
                                                           {"was_directory", "new"},
                                                           {"was_link", "/493"},
                                                           {"was_link/below", "/493"},
                                                           {"was_link/below/file", "new"}});
  CHECK(inode(t.root) == root);
  CHECK(inode(t.root / "others") == others);
  CHECK(inode(t.root / "lib/a/ebin") == directory);
  CHECK_FALSE(fs::exists(t.area));
}

TEST_CASE("exchange: a step that fails takes back those before it") {
  const Tree t;
  const auto before = tree(t.root);
  Exchange exchange(t.root, "nodetool");
  t.stage(exchange);
  write_file(exchange.staged(exchange.place(0, "others")), "new");
  CHECK_THROWS_AS(exchange.carry_out(), Error);
  CHECK(tree(t.root) == before);
}

TEST_CASE("exchange: one that is not carried out leaves nothing") {
  const Tree t;
  const auto before = tree(t.scratch.path);
  {
    Exchange exchange(t.root, "nodetool");
    t.stage(exchange);
  }
  CHECK(tree(t.scratch.path) == before);
}

TEST_CASE("exchange: a step that is forgotten is none") {
  const Tree t;
  Exchange exchange(t.root, "nodetool");
  const size_t step = exchange.replace(exchange.add_area(t.area), "gone");
  CHECK_FALSE(exchange.empty());
  exchange.forget(step);
  CHECK(exchange.empty());
  exchange.carry_out();
  CHECK(read_file(t.root / "gone") == "old");
}

TEST_CASE("exchange: killed at any system call, the tree is finished or as it was") {
  const Tree t;
  const auto before = tree(t.root);
  t.run();
  const auto after = tree(t.root);
  std::set<bool> seen;
  long call = 0;
  for (Killed killed = Killed::Yes; killed == Killed::Yes; ++call) {
    t.make();
    killed = kill_at_call(call, [&] { t.run(); });
    if (killed == Killed::Impossible) return skip("no process may trace another one here");
    const bool was_journaled = fs::exists(exchange_journal(t.root));
    finish_exchange(t.root);
    const auto now = tree(t.root);
    INFO("call " << call);
    CHECK((now == before || now == after));
    if (was_journaled) CHECK(now == after);
    seen.insert(now == after);
  }
  CHECK(call > 20);
  CHECK(seen == std::set{false, true});
}

TEST_CASE("exchange: killed while it is undone, it is undone the next time") {
  const Tree t;
  const auto before = tree(t.root);
  long call = 0;
  for (Killed killed = Killed::Yes; killed == Killed::Yes; ++call) {
    t.make();
    killed = kill_at_call(call, [&] {
      Exchange exchange(t.root, "nodetool");
      t.stage(exchange);
      write_file(exchange.staged(exchange.place(0, "others")), "new");
      try {
        exchange.carry_out();
      } catch (const Error&) {
      }
    });
    if (killed == Killed::Impossible) return skip("no process may trace another one here");
    finish_exchange(t.root);
    INFO("call " << call);
    CHECK(tree(t.root) == before);
  }
}

TEST_CASE("exchange: killed while it is finished, it is finished the next time") {
  const Tree t;
  t.run();
  const auto after = tree(t.root);
  long half = 0;  // a call in the middle of the steps
  for (bool journaled = false; !journaled || half % 8 != 0; ++half) {
    t.make();
    if (kill_at_call(half, [&] { t.run(); }) != Killed::Yes) return;
    journaled = fs::exists(exchange_journal(t.root));
  }
  long call = 0;
  for (Killed killed = Killed::Yes; killed == Killed::Yes; ++call) {
    t.make();
    kill_at_call(half, [&] { t.run(); });
    killed = kill_at_call(call, [&] { finish_exchange(t.root); });
    finish_exchange(t.root);
    INFO("call " << call);
    CHECK(tree(t.root) == after);
  }
}

TEST_CASE("exchange: a tree that was moved meanwhile is finished where it is") {
  const Tree t;
  t.run();
  const auto after = tree(t.root);
  t.make();
  for (long call = 0; !fs::exists(exchange_journal(t.root)); ++call) {
    t.make();
    if (kill_at_call(call, [&] { t.run(); }) != Killed::Yes) return;
  }
  const Scratch other(memory_directory());
  fs::rename(t.scratch.path, other.path / "moved");
  finish_exchange(other.path / "moved/r");
  CHECK(tree(other.path / "moved/r") == after);
}

TEST_CASE("exchange: a journal that cannot be understood is an error that says what to do") {
  const Tree t;
  for (const char* text : {"", "finish\n", "finish\nrelmk exchange 2\n\nend\n",
                           "finish\nrelmk exchange 1\n\nplace 0 x\nend\n",
                           "finish\nrelmk exchange 1\n\narea x\nplace 9z x\nend\n"}) {
    write_file(exchange_journal(t.root), text);
    CHECK_THROWS_AS(finish_exchange(t.root), Error);
    CHECK(fs::exists(exchange_journal(t.root)));
  }
}

}  // namespace sys_exchange_test
