#include "node/console/history_file.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"

namespace node_history_file_test {

using namespace relmk;
using namespace relmk::node;

TEST_CASE("history file: outlives its session") {
  const Scratch scratch;
  const fs::path file = scratch.path / "cache" / "history";
  HistoryFile first(file, "");
  first.add("1 + 1.");
  first.add("1 + 1.");
  first.add("lists:seq(1, 2).");
  CHECK(HistoryFile(file, "").entries() == std::vector<std::string>{"1 + 1.", "lists:seq(1, 2)."});
  struct stat info {};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("history file: keeps an entry of several lines") {
  const Scratch scratch;
  const fs::path file = scratch.path / "history";
  HistoryFile(file, "").add("{1, % one\n2}.");
  HistoryFile(file, "").add("ok.");
  CHECK(HistoryFile(file, "").entries() == std::vector<std::string>{"{1, % one\n2}.", "ok."});
}

TEST_CASE("history file: keeps no cookie") {
  const Scratch scratch;
  const fs::path file = scratch.path / "history";
  HistoryFile history(file, "s3cret");
  history.add("erlang:set_cookie('s3cret').");
  CHECK(history.entries().empty());
  CHECK_FALSE(fs::exists(file));
}

TEST_CASE("history file: keeps the last thousand") {
  const Scratch scratch;
  const fs::path file = scratch.path / "history";
  std::string text;
  for (int i = 0; i < 1200; ++i)
    text += std::to_string(i) + ".\n";
  sys::write_file(file, text);
  const HistoryFile history(file, "");
  REQUIRE(history.entries().size() == 1000);
  CHECK(history.entries().front() == "200.");
}

}  // namespace node_history_file_test
