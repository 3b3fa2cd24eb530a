#include "node/upgrade/release_image.h"

#include "catch.h"
#include "release_root.h"

namespace node_release_image_test {

using namespace relmk;
using Catch::Matchers::ContainsSubstring;
using node::ReleaseImage;

namespace {

struct Fixture : node::ReleaseRoot {
  // releases/r-VERSION.tar.gz with what `script`, run in an empty directory, puts there.
  fs::path pack(const std::string& version, const std::string& script) const {
    const fs::path tree = scratch.path / "tree";
    fs::remove_all(tree);
    sys::make_directories(tree);
    sys::make_directories(root / "releases");
    const fs::path package = root / "releases" / ("r-" + version + ".tar.gz");
    sys::write_file(scratch.path / "rel1", rel("1"));
    sys::write_file(scratch.path / "rel2", rel("2"));
    REQUIRE(std::system(("cd " + tree.string() + " && mkdir -p releases/1 releases/2 && " + script +
                         " && tar czf " + package.string() + " .")
                            .c_str()) == 0);
    return package;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "release image: the tarball's places in relx's order") {
  CHECK_FALSE(ReleaseImage::find_package(root, "r", "2"));
  put("releases/2/r.tar.gz", "");
  CHECK(*ReleaseImage::find_package(root, "r", "2") == root / "releases/2/r.tar.gz");
  put("releases/2/r-2.tar.gz", "");
  CHECK(*ReleaseImage::find_package(root, "r", "2") == root / "releases/2/r-2.tar.gz");
  put("releases/r-2.tar.gz", "");
  CHECK(*ReleaseImage::find_package(root, "r", "2") == root / "releases/r-2.tar.gz");
  CHECK_FALSE(ReleaseImage::find_package(root, "r", "2.1"));
}

TEST_CASE_METHOD(Fixture, "release image: unpacked where all of its applications are") {
  version("1");
  const auto image = ReleaseImage::unpacked(root, "r", "1", "/nowhere");
  REQUIRE(image);
  CHECK(image->version() == "1");
  CHECK(image->tarball() == nullptr);
  CHECK(image->holds("lib/a-1"));
  CHECK(image->read("releases/1/r.rel") == rel("1"));
  CHECK_FALSE(image->read("releases/1"));
  CHECK(image->shown("lib/a-1") == (root / "lib/a-1").string());
  CHECK_FALSE(ReleaseImage::unpacked(root, "r", "2", "/nowhere"));

  fs::rename(root / "lib/kernel-1", scratch.path / "kernel-1");
  CHECK_FALSE(ReleaseImage::unpacked(root, "r", "1", "/nowhere"));
  CHECK(ReleaseImage::unpacked(root, "r", "1", scratch.path));
}

TEST_CASE_METHOD(Fixture,
                 "release image: packed with the .rel in its place or where systools leaves it") {
  for (const char* place : {"releases/2/r.rel", "releases/r.rel"}) {
    const auto image = ReleaseImage::packed(
        root, "r", "2", pack("2", "cp ../rel2 " + std::string(place) + " && mkdir lib"));
    CHECK(image.version() == "2");
    CHECK(image.read("releases/2/r.rel") == rel("2"));
    CHECK(image.holds("lib"));
    CHECK_FALSE(image.holds("lib/a-2"));
    CHECK_THAT(image.shown("x"), ContainsSubstring("r-2.tar.gz:x"));
  }
}

TEST_CASE_METHOD(Fixture, "release image: a tarball of something else is told by what it holds") {
  CHECK_THROWS_WITH(ReleaseImage::packed(root, "r", "2", pack("2", "cp ../rel1 releases/1/r.rel")),
                    ContainsSubstring("holds version 1, not 2"));
  CHECK_THROWS_WITH(ReleaseImage::packed(root, "r", "2", pack("2", "cp ../rel1 releases/2/r.rel")),
                    ContainsSubstring("holds r 1, not r 2"));
  CHECK_THROWS_WITH(ReleaseImage::packed(root, "r", "2", pack("2", "echo x >file")),
                    ContainsSubstring("it is no tarball of this release"));
}

}  // namespace node_release_image_test
