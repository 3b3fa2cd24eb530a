#include "sys/owner.h"

#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"
#include "scratch.h"
#include "skip.h"

namespace sys_owner_test {

using namespace relmk;
using namespace relmk::sys;

namespace {

constexpr uid_t kUser = 12345;
constexpr gid_t kGroup = 12346;

uid_t owner_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_uid;
}

struct Fixture {
  Scratch scratch;
  fs::path like = scratch.path / "like", tree = scratch.path / "tree";
  Fixture() {
    make_directories(like);
    make_directories(tree / "a");
    write_file(tree / "a/b", "");
    write_file(scratch.path / "other", "");
    fs::create_symlink(scratch.path / "other", tree / "link");
  }
  bool may_give() const { return ::chown(like.c_str(), kUser, kGroup) == 0; }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "owner: root's files are given to the user of a directory") {
  if (!may_give()) return skip("only root can");
  give_to_owner_of(tree, like);
  for (const char* path : {"", "a", "a/b", "link"})
    CHECK(owner_of(tree / path) == kUser);
  CHECK(owner_of(scratch.path / "other") == ::geteuid());
}

TEST_CASE_METHOD(Fixture, "owner: what is not there is no failure") {
  may_give();
  CHECK_NOTHROW(give_to_owner_of(scratch.path / "none", like));
  CHECK_NOTHROW(give_to_owner_of(tree, scratch.path / "none"));
  CHECK(owner_of(tree) == ::geteuid());
}

}  // namespace sys_owner_test
