#include "relx/release/start_plan.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "warnings.h"

namespace relx_start_plan_test {

using namespace relmk;
using namespace relmk::relx;
using Kind = plan::PlannedFile::Kind;

namespace {

// A plan with configuration files of version 1.
struct Release {
  Scratch scratch;
  RelxConfig config = default_relx_config("relx.config");
  plan::Plan plan;

  void content(const std::string& path, const std::string& text) {
    plan.add(path, {Kind::Content, {}, text, {}});
  }
  const plan::PlannedFile* prepared() {
    plan_prepared_start(plan, config, "1");
    return plan.find("releases/1/prepared_start");
  }
  void check() const { check_included_configs(plan, config, "1", scratch.path); }
};

}  // namespace

TEST_CASE("start plan: what vm.args and sys.config are prepared to, with the mode of vm.args") {
  Release release;
  release.content("releases/1/sys.config", "[].\n");
  const fs::path vm_args = release.scratch.path / "vm.args";
  sys::write_file(vm_args, "-sname a\n", 0640);
  release.plan.add("releases/1/vm.args", {Kind::Copy, vm_args, {}, {}});
  const plan::PlannedFile* prepared = release.prepared();
  REQUIRE(prepared != nullptr);
  CHECK(prepared->kind == Kind::Content);
  CHECK_FALSE(prepared->content.empty());
  CHECK(prepared->mode == 0640U);
}

TEST_CASE("start plan: without a start script nothing is prepared") {
  Release release;
  release.content("releases/1/vm.args", "-sname a\n");
  release.config.generate_start_script = false;
  CHECK(release.prepared() == nullptr);
}

TEST_CASE("start plan: an included configuration that is planned must be one") {
  Release release;
  release.content("releases/1/sys.config", "[\"other.config\"].\n");
  release.content("releases/1/other.config", "[{a,[]}].\n");
  CHECK_NOTHROW(release.check());
  release.content("releases/1/other.config", "{a,b}.\n");
  CHECK_THROWS_AS(release.check(), Error);
}

TEST_CASE("start plan: an included configuration names no further one, as the VM has it") {
  Release release;
  release.content("releases/1/sys.config", "[\"sys\"].\n");
  CHECK_THROWS_AS(release.check(), Error);
  release.content("releases/1/sys.config", "[\"other\"].\n");
  release.content("releases/1/other.config", "[\"third\"].\n");
  CHECK_THROWS_AS(release.check(), Error);
}

TEST_CASE("start plan: of a template the included configurations are looked for too") {
  Release release;
  release.content("releases/1/sys.config.src", "[{a,[{b,${B}}]}, \"other\", \"${C}\"].\n");
  const Warnings warnings;
  release.check();
  CHECK_THAT(warnings.text(), Catch::Matchers::ContainsSubstring("configuration other.config is"));
  CHECK_THAT(warnings.text(), !Catch::Matchers::ContainsSubstring("${C}"));
}

TEST_CASE("start plan: one that is not planned is no error: it may come with the target") {
  Release release;
  release.content("releases/1/sys.config", "[\"/etc/none.config\", \"none.config\"].\n");
  CHECK_NOTHROW(release.check());
  CHECK_NOTHROW(Release().check());
}

}  // namespace relx_start_plan_test
