#include "plan/tar.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <set>
#include <thread>

#include "catch.h"
#include "scratch.h"
#include "skip.h"
#include "sys/error.h"
#include "sys/subprocess.h"

namespace plan_tar_test {

using namespace relmk;
using namespace relmk::plan;

namespace {

constexpr int64_t kSomeTime = 1000000000;

struct Tarball {
  Scratch scratch;
  fs::path target = scratch.path / "x.tar.gz";

  fs::path file(const std::string& name, const std::string& text) {
    sys::write_file(scratch.path / name, text);
    return scratch.path / name;
  }
  void write(std::vector<TarEntry> entries) { write_tar_gz(target, std::move(entries), kSomeTime); }
  std::string tar(std::vector<std::string> arguments) const {
    std::vector<std::string> argv = {"tar"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    const sys::Finished finished =
        sys::run_command({argv, {{"TZ", "UTC"}, {"LC_ALL", "C.UTF-8"}}, {}, {}});
    CHECK(finished.code == 0);
    CHECK(finished.errors.empty());
    return finished.output;
  }
};

}  // namespace

TEST_CASE("tar: entries are sorted, owned by 0:0, of the time given, with their modes") {
  Tarball tarball;
  const fs::path a = tarball.file("a", "one");
  tarball.write({{"lib/b", a, 0600}, {"lib", tarball.scratch.path, 0755}, {"bin/a", a, 0755}});
  CHECK(tarball.tar({"--numeric-owner", "--full-time", "-tvzf", tarball.target}) ==
        "-rwxr-xr-x 0/0               3 2001-09-09 01:46:40 bin/a\n"
        "drwxr-xr-x 0/0               0 2001-09-09 01:46:40 lib/\n"
        "-rw------- 0/0               3 2001-09-09 01:46:40 lib/b\n");
  CHECK(tarball.tar({"-xzOf", tarball.target, "lib/b"}) == "one");
}

TEST_CASE("tar: the same files make the same bytes") {
  Tarball tarball;
  std::string text;
  for (long i = 0; i < 700000; i++)
    text += std::to_string(i * 7919 % 10007);
  const fs::path a = tarball.file("a", text);  // several gzip members
  tarball.write({{"b", a, 0644}, {"a", a, 0644}});
  const std::string first = sys::read_file(tarball.target);
  ::setenv("TZ", "Asia/Tokyo", 1);
  tarball.write({{"a", a, 0644}, {"b", a, 0644}});
  ::unsetenv("TZ");
  CHECK((sys::read_file(tarball.target) == first));
  CHECK((tarball.tar({"-xzOf", tarball.target, "b"}) == text));
}

TEST_CASE("tar: long names and names beyond ASCII") {
  Tarball tarball;
  const fs::path a = tarball.file("a", "x");
  const std::string name =
      std::string(90, 'd') + "/" + std::string(90, 'e') + "/" + std::string(200, 'f') + "/ü€";
  tarball.write({{name, a, 0644}});
  CHECK(tarball.tar({"--quoting-style=literal", "-tzf", tarball.target}) == name + "\n");
}

TEST_CASE("tar: an old one stays when packing fails, and nothing is left beside it") {
  Tarball tarball;
  const fs::path a = tarball.file("a", "x");
  tarball.write({{"a", a, 0644}});
  const std::string first = sys::read_file(tarball.target);
  CHECK_THROWS_WITH(
      tarball.write({{"a", a, 0644}, {"b", tarball.scratch.path / "none", 0644}}),
      (tarball.scratch.path / "none").native() + ": error: cannot read: No such file or directory");
  CHECK(sys::read_file(tarball.target) == first);
  CHECK(std::distance(fs::directory_iterator(tarball.scratch.path), {}) == 2);
}

TEST_CASE("tar: until it is complete it has no name that a killed process could leave behind") {
  Tarball tarball;
  const int nameless = ::open(tarball.scratch.path.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (nameless < 0) return skip("a file system that knows no files without a name");
  ::close(nameless);
  const fs::path a = tarball.file("a", std::string(4 << 20, 'x'));
  std::set<uintmax_t> sizes;  // of what has a name beside a
  std::atomic<bool> done{false};
  std::thread other([&] {
    while (!done) {
      for (const auto& entry : fs::directory_iterator(tarball.scratch.path)) {
        std::error_code has_gone;
        const uintmax_t size = fs::file_size(entry.path(), has_gone);
        if (entry.path() != a && !has_gone) sizes.insert(size);
      }
    }
  });
  tarball.write({{"a", a, 0644}});
  done = true;
  other.join();
  sizes.insert(fs::file_size(tarball.target));
  CHECK(sizes.size() == 1);
}

TEST_CASE("tar: paths that leave the root are refused") {
  Tarball tarball;
  const fs::path a = tarball.file("a", "x");
  for (const char* path : {"/a", "../a", "a/../../b", "a/..", "", "./a", "a//b"})
    CHECK_THROWS_AS(tarball.write({{path, a, 0644}}), Error);
  CHECK_FALSE(fs::exists(tarball.target));
}

TEST_CASE("tar: everything gets SOURCE_DATE_EPOCH, else the beginning of 1980") {
  CHECK(archive_time({}) == 315532800);
  CHECK(archive_time({{"SOURCE_DATE_EPOCH", ""}}) == 315532800);
  CHECK(archive_time({{"SOURCE_DATE_EPOCH", "1700000000"}}) == 1700000000);
  CHECK_THROWS_WITH(archive_time({{"SOURCE_DATE_EPOCH", "yesterday"}}),
                    "error: SOURCE_DATE_EPOCH is no number of seconds: yesterday");
}

}  // namespace plan_tar_test
