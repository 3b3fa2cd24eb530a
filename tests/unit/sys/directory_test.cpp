#include "sys/directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <utility>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

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

TEST_CASE("directory: a walk along paths leads to what stands there, also where none is") {
  const Scratch scratch;
  for (const char* name : {"a", "b"}) {
    make_directories(scratch.path / name);
    write_file(scratch.path / name / "file", name);
  }
  const std::string root = scratch.path.native();
  const std::vector<std::pair<std::string, bool>> paths = {
      {root + "/a/file", true},      {root + "/a/none", false}, {root + "/none/file", false},
      {root + "/none/other", false}, {root + "/b/file", true},  {"/", true},
      {"no-such-file", false},       {root + "/a/file", true}};
  PathWalk walk;
  for (const auto& [path, is_there] : paths) {
    const PathWalk::Place place = walk.place_of(path);
    struct stat by_place {
    }, by_path{};
    INFO(path);
    CHECK((::fstatat(place.directory, place.name, &by_place, 0) == 0) == is_there);
    CHECK((::stat(path.c_str(), &by_path) == 0) == is_there);
    CHECK(by_place.st_ino == by_path.st_ino);
  }
}

TEST_CASE("directory: its entries with their types, those of links are of what they lead to") {
  using Type = DirectoryEntry::Type;
  const Scratch scratch;
  write_file(scratch.path / "file", "");
  make_directories(scratch.path / "directory");
  ::symlink("file", (scratch.path / "to-file").c_str());
  ::symlink("directory", (scratch.path / "to-directory").c_str());
  ::symlink("nowhere", (scratch.path / "to-nowhere").c_str());
  ::mkfifo((scratch.path / "pipe").c_str(), 0600);
  std::map<std::string, std::pair<Type, bool>> seen;
  for (const DirectoryEntry& entry : entries_in(scratch.path))
    seen[entry.name] = {entry.type, entry.is_there};
  CHECK(seen == std::map<std::string, std::pair<Type, bool>>{
                    {"directory", {Type::Directory, true}},
                    {"file", {Type::File, true}},
                    {"pipe", {Type::Other, true}},
                    {"to-directory", {Type::Directory, true}},
                    {"to-file", {Type::File, true}},
                    {"to-nowhere", {Type::Other, false}},
                });
  CHECK_THROWS_WITH(entries_in(scratch.path / "none"),
                    (scratch.path / "none").string() +
                        ": error: cannot read directory: No such file or directory");
  CHECK_THROWS_AS(entries_in(scratch.path / "file"), Error);
}

}  // namespace sys_directory_test
