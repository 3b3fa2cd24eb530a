#include "relx/release/release_overlay.h"

#include "catch.h"
#include "project.h"
#include "sys/error.h"
#include "term/consult.h"

namespace relx_release_overlay_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

// The text that a template of the project becomes in etc/out.
std::string rendered(const std::string& text, const std::string& terms = "") {
  const ReleaseProject project;
  sys::write_file(project.scratch.path / "template", text);
  const PlannedRelease release =
      project.plan("{root_dir,\"" + project.scratch.path.string() + "\"}. " + terms +
                   "{overlay,[{template,\"template\",\"etc/out\"}]}.");
  const plan::PlannedFile* file = release.plan.find("etc/out");
  REQUIRE(file != nullptr);
  CHECK(release.overlay_paths == std::vector<std::string>{"etc/out"});
  return file->content;
}

}  // namespace

TEST_CASE("release overlay: a template sees the release and its applications") {
  CHECK(rendered("{{release_name}} {{release_version}}") == "r 1");
  CHECK(rendered("{{rel_vsn}}") == "1");
}

TEST_CASE("release overlay: and what the user defines, also over that") {
  CHECK(rendered("{{who}}", "{overlay_vars_values,[{who,\"you\"}]}. ") == "you");
  CHECK(rendered("{{release_name}}", "{overlay_vars,[{release_name,\"x\"}]}. ") == "x");
}

TEST_CASE("release overlay: without actions nothing is planned") {
  const ReleaseProject project;
  CHECK(project.plan().overlay_paths.empty());
}

TEST_CASE("release overlay: an action that is malformed is an error") {
  const ReleaseProject project;
  CHECK_THROWS_WITH(project.plan("{overlay,[{odd,1}]}."),
                    Catch::Matchers::ContainsSubstring("Overlay section malformed: "));
}

}  // namespace relx_release_overlay_test
