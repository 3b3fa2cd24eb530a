#include "plan/manifest.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace plan_manifest_test {

using namespace relmk;
using namespace relmk::plan;
using Kind = PlannedFile::Kind;

namespace {

const FileStamp kStamp{5, 10, 1000, 2000, 0100644};

Manifest looked_at(const Plan& plan) {
  Manifest manifest = Manifest::of_plan(plan);
  manifest.look_at_sources();
  return manifest;
}

Manifest manifest_of(const Scratch& scratch) {
  sys::write_file(scratch.path / "source", "x");
  Plan plan;
  plan.add("d/copy", {Kind::Copy, scratch.path / "source", {}, 0600});
  plan.add("d/text\n\t\\", {Kind::Content, {}, "text", {}});
  plan.add("link", {Kind::Link, "a\tb", {}, {}});
  return looked_at(plan);
}

}  // namespace

TEST_CASE("manifest: comes back from its text, whatever bytes the paths hold") {
  const Scratch scratch;
  const fs::path file = scratch.path / "manifest";
  Manifest manifest = manifest_of(scratch);
  manifest.entries()[1].target = kStamp;
  sys::write_file(file, manifest.text());
  const std::optional<Manifest> read = Manifest::read(file);
  REQUIRE(read);
  CHECK(read->text() == manifest.text());
  REQUIRE(read->entries().size() == 4);
  CHECK(read->entries()[1].target == kStamp);
  REQUIRE(read->find("d/text\n\t\\") != nullptr);
  CHECK(read->find("d/text\n\t\\")->kind == Kind::Content);
  REQUIRE(read->find("link") != nullptr);
  CHECK(read->find("link")->source == "a\tb");
  CHECK(read->find("d/other") == nullptr);
}

TEST_CASE("manifest: one that cannot be understood counts as absent") {
  const Scratch scratch;
  const fs::path file = scratch.path / "manifest";
  CHECK_FALSE(Manifest::read(file));
  const std::string text = manifest_of(scratch).text();
  for (const std::string& other :
       {std::string(), std::string("relmk manifest 1 x\n"), text.substr(0, text.size() - 1),
        text + "no numbers\tpath\tsource\n"}) {
    sys::write_file(file, other);
    CHECK_FALSE(Manifest::read(file));
  }
}

TEST_CASE("manifest: that of another version tells what was made, not of which sources") {
  const Scratch scratch;
  const fs::path file = scratch.path / "manifest";
  const std::string text = manifest_of(scratch).text();
  sys::write_file(file, "relmk manifest 2 0.0.0-other\n" + text.substr(text.find('\n') + 1));
  const std::optional<Manifest> read = Manifest::read(file);
  REQUIRE(read);
  REQUIRE(read->find("d/copy") != nullptr);
  CHECK(read->find("d/copy")->source_stamp == FileStamp{});
}

TEST_CASE("manifest: a source that is not there is named") {
  Plan plan;
  plan.add("a", {Kind::Copy, "/no/such/file", {}, {}});
  CHECK_THROWS_WITH(looked_at(plan),
                    "/no/such/file: error: cannot read: No such file or directory");
}

TEST_CASE("manifest: the recipe is kind, mode, source and content") {
  const Scratch scratch;
  const ManifestEntry entry = manifest_of(scratch).entries()[1];
  ManifestEntry other = entry;
  other.source_stamp = kStamp;
  CHECK(entry.same_recipe(other));
  other.mode = 0640;
  CHECK_FALSE(entry.same_recipe(other));
  other = entry;
  other.content = 7;
  CHECK_FALSE(entry.same_recipe(other));
}

TEST_CASE("manifest: a file is the same where nothing about it has changed") {
  CHECK(compare(kStamp, kStamp) == Sameness::Same);
  FileStamp other = kStamp;
  other.changed = 0;
  CHECK(compare(other, kStamp) == Sameness::Perhaps);
  CHECK(compare(other, other) == Sameness::Perhaps);
  other = kStamp;
  other.inode = 6;
  CHECK(compare(other, kStamp) == Sameness::Perhaps);
  for (const auto change :
       {+[](FileStamp& stamp) { stamp.size = 11; }, +[](FileStamp& stamp) { stamp.modified = 1; },
        +[](FileStamp& stamp) { stamp.mode = 0100600; }}) {
    other = kStamp;
    change(other);
    CHECK(compare(other, kStamp) == Sameness::Other);
  }
}

TEST_CASE("manifest: the stamp of a link is its own, that of nothing is empty") {
  const Scratch scratch;
  sys::write_file(scratch.path / "file", "abc");
  fs::create_symlink("file", scratch.path / "link");
  CHECK(FileStamp::at(scratch.path / "file").size == 3);
  CHECK(FileStamp::at(scratch.path / "link").size == 4);
  CHECK(FileStamp::at(scratch.path / "none") == FileStamp{});
}

TEST_CASE("manifest: a source that has just changed may change again without a trace") {
  const Scratch scratch;
  const fs::path source = scratch.path / "source";
  // A slow machine may look late: then it is tried again.
  bool is_in_doubt = false;
  for (int tries = 0; tries < 100 && !is_in_doubt; ++tries) {
    sys::write_file(source, std::to_string(tries));
    Plan plan;
    plan.add("a", {PlannedFile::Kind::Copy, source, {}, {}});
    is_in_doubt = looked_at(plan).find("a")->source_stamp.changed == 0;
  }
  CHECK(is_in_doubt);
}

}  // namespace plan_manifest_test
