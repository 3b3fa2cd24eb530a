#include "relx/overlay/overlay_source.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace relx_overlay_source_test {

using namespace relmk;
using namespace relmk::relx;
using Kind = plan::PlannedFile::Kind;

namespace {

struct Sources {
  Scratch scratch;
  plan::Plan plan;
  fs::path output = scratch.path / "out";
  OverlaySources sources{plan, output};

  Sources() {
    plan.add("etc/a.conf", {Kind::Content, {}, "x", {}});
    sys::write_file(scratch.path / "disk", "y");
  }
  std::string in_output(const std::string& path) const { return (output / path).string(); }
};

}  // namespace

TEST_CASE("overlay source: below the output directory what is planned counts") {
  const Sources all;
  const OverlaySource found = all.sources.find(all.in_output("etc/a.conf"));
  CHECK(found.planned);
  CHECK(found.path == "etc/a.conf");
  CHECK(all.sources.is_directory(all.in_output("etc")));
  CHECK(all.sources.is_directory(all.output.string()));
  CHECK_FALSE(all.sources.is_directory(all.in_output("etc/a.conf")));
  CHECK_FALSE(all.sources.exists(all.in_output("etc/none")));
}

TEST_CASE("overlay source: elsewhere the disk counts") {
  const Sources all;
  const std::string disk = (all.scratch.path / "disk").string();
  CHECK_FALSE(all.sources.find(disk).planned);
  CHECK(all.sources.exists(disk));
  CHECK_FALSE(all.sources.exists(disk + "2"));
}

TEST_CASE("overlay source: planned links are followed, also out of the release") {
  Sources all;
  all.plan.add("link", {Kind::Link, "etc", {}, {}});
  all.plan.add("out", {Kind::Link, all.scratch.path, {}, {}});
  const OverlaySource found = all.sources.find(all.in_output("link/a.conf"));
  CHECK(found.planned);
  CHECK(found.through_link);
  CHECK(found.path == "etc/a.conf");
  CHECK(all.sources.find(all.in_output("out/disk")).path == all.scratch.path / "disk");
  CHECK(all.sources.exists(all.in_output("out/disk")));
  all.plan.add("circle", {Kind::Link, "circle", {}, {}});
  CHECK_THROWS_AS(all.sources.find(all.in_output("circle/x")), Error);
}

TEST_CASE("overlay source: which paths lie in the release") {
  const Sources all;
  CHECK(all.sources.path_in_output(all.in_output("etc/./x")) == "etc/x");
  CHECK(all.sources.path_in_output(all.output) == "");
  CHECK_FALSE(all.sources.path_in_output(all.output.string() + "2/x"));
  CHECK(all.sources.holds_output(all.scratch.path));
  CHECK_FALSE(all.sources.holds_output(all.scratch.path / "out/etc"));
}

TEST_CASE("overlay source: patterns match planned files and those on disk") {
  const Sources all;
  CHECK(all.sources.matches(all.in_output("etc/*.conf"), all.scratch.path) ==
        std::vector<std::string>{all.in_output("etc/a.conf")});
  CHECK(all.sources.matches("di*", all.scratch.path) == std::vector<std::string>{"disk"});
  CHECK(all.sources.matches("none*", all.output).empty());
}

}  // namespace relx_overlay_source_test
