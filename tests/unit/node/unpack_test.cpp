#include "node/upgrade/unpack.h"

#include <sys/wait.h>

#include "catch.h"
#include "node/upgrade/permanent_files.h"
#include "scratch.h"

namespace node_unpack_test {

using namespace relmk;
using node::KnownRelease;
using node::ReleaseImage;

namespace {

const char* rel(const std::string& version) {
  static std::string text;
  text = "{release, {\"r\", \"" + version +
         "\"}, {erts, \"9\"}, [{kernel, \"1\"}, {stdlib, \"1\"}, {a, \"" + version + "\"}]}.\n";
  return text.c_str();
}

// A root with version 1, and a tarball of version 2 that also holds what must not count.
struct Fixture {
  Scratch scratch;
  fs::path root = scratch.path / "root", tree = scratch.path / "tree";
  Fixture() {
    for (const char* application : {"kernel-1", "stdlib-1", "a-1"})
      put(root / "lib" / application / "ebin/x.app", "1");
    put(root / "releases/1/r.rel", rel("1"));
    put(root / "releases/RELEASES", "old");
    put(root / "bin/r", "script 1");
    put(root / "bin/r-1", "script 1");
    put(root / "bin/tool", "tool 1");
    put(root / "etc/given", "by hand");
    put(tree / "lib/kernel-1/ebin/x.app", "other");
    put(tree / "lib/a-2/ebin/x.app", "2");
    put(tree / "lib/a-9/ebin/x.app", "9");
    put(tree / "releases/2/r.rel", rel("2"));
    put(tree / "releases/9/r.rel", "other");
    put(tree / "releases/RELEASES", "new");
    put(tree / "bin/r", "script 2");
    put(tree / "bin/r-2", "script 2");
    put(tree / "bin/tool", "tool 2");
    put(tree / "etc/given", "from the tarball");
    put(tree / "etc/new/one", "from the tarball");
    REQUIRE(std::system(("tar czf " + (root / "releases/r-2.tar.gz").string() + " -C " +
                         tree.string() + " .")
                            .c_str()) == 0);
  }
  static void put(const fs::path& path, const std::string& text) {
    sys::make_directories(path.parent_path());
    sys::write_file(path, text);
  }
  std::string get(const std::string& path) const { return sys::read_file(root / path); }
  bool has(const std::string& path) const { return fs::exists(root / path); }
  void remove(const std::set<fs::path>& in_use) {
    const auto files = node::files_of_version_alone(root, "r", known("2"), {known("1")}, in_use);
    CHECK_NOTHROW(node::check_removable(root, files));
    node::remove_files(root, "2", files);
  }
  ReleaseImage image() const {
    return ReleaseImage::packed(root, "r", "2", *ReleaseImage::find_package(root, "r", "2"));
  }
  static KnownRelease known(const std::string& version) {
    KnownRelease known;
    known.release = {"r", version, "9", {}, "permanent"};
    for (const auto& [name, vsn] : std::vector<std::pair<std::string, std::string>>{
             {"kernel", "1"}, {"stdlib", "1"}, {"a", version}})
      known.release.libraries.push_back({Atom(name), vsn, "./lib/" + name + "-" + vsn});
    known.has_libraries = true;
    return known;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "unpack: takes what is the version's") {
  node::unpack(image(), {known("1")});
  CHECK(get("lib/a-2/ebin/x.app") == "2");
  CHECK(get("lib/kernel-1/ebin/x.app") == "1");
  CHECK_FALSE(has("lib/a-9"));
  CHECK_FALSE(has("releases/9"));
  CHECK(get("releases/RELEASES") == "old");
  CHECK(get("bin/r") == "script 1");
  CHECK(get("bin/r-2") == "script 2");
  CHECK(get("bin/tool") == "tool 1");
  CHECK(get("etc/given") == "by hand");
  CHECK(get("etc/new/one") == "from the tarball");
}

TEST_CASE_METHOD(Fixture, "unpack: is taken back") {
  const node::Unpacked unpacked = node::unpack(image(), {known("1")});
  CHECK(node::take_back(unpacked).empty());
  for (const char* path : {"lib/a-2", "releases/2", "bin/r-2", "etc/new"})
    CHECK_FALSE(has(path));
  CHECK(has("etc/given"));
  CHECK(has("releases/r-2.tar.gz"));
}

TEST_CASE_METHOD(Fixture, "unpack: an application that is there in part is made whole") {
  put(root / "lib/a-2/ebin/half", "");
  node::unpack(image(), {known("1")});
  CHECK_FALSE(has("lib/a-2/ebin/half"));
  CHECK(get("lib/a-2/ebin/x.app") == "2");
}

TEST_CASE_METHOD(Fixture, "unpack: start files change with the permanent version") {
  node::unpack(image(), {known("1")});
  node::PermanentFiles(root, "r", "1", "2").place();
  CHECK(get("bin/r") == "script 2");
  CHECK(get("bin/tool") == "tool 2");
  node::PermanentFiles(root, "r", "2", "1").place();
  CHECK(get("bin/r") == "script 1");
  CHECK(get("bin/tool") == "tool 1");
}

TEST_CASE_METHOD(Fixture, "permanent files: leave nothing where they are not placed") {
  node::unpack(image(), {known("1")});
  const auto count = [&] { return std::distance(fs::directory_iterator(root / "bin"), {}); };
  const auto before = count();
  { const node::PermanentFiles files(root, "r", "1", "2"); }
  CHECK(get("bin/r") == "script 1");
  CHECK_FALSE(has("releases/1/bin"));
  CHECK(count() == before);
}

TEST_CASE_METHOD(Fixture, "remove files: leaves what others need") {
  node::unpack(image(), {known("1")});
  remove({});
  for (const char* path : {"lib/a-2", "releases/2", "bin/r-2", "etc/new/one"})
    CHECK_FALSE(has(path));
  for (const char* path : {"lib/kernel-1", "lib/a-1", "etc/given", "bin/r", "bin/r-1", "bin/tool",
                           "releases/r-2.tar.gz"})
    CHECK(has(path));
}

TEST_CASE_METHOD(Fixture, "remove files: leaves what is in use") {
  node::unpack(image(), {known("1")});
  remove({root / "lib/a-2"});
  CHECK(has("lib/a-2"));
}

TEST_CASE_METHOD(Fixture, "release image: other releases are refused") {
  fs::copy_file(root / "releases/r-2.tar.gz", root / "releases/r-3.tar.gz");
  CHECK_THROWS_WITH(ReleaseImage::packed(root, "r", "3", root / "releases/r-3.tar.gz"),
                    Catch::Matchers::ContainsSubstring("holds version 2, 9, not 3") ||
                        Catch::Matchers::ContainsSubstring("holds version 9, 2, not 3"));
}

}  // namespace node_unpack_test
