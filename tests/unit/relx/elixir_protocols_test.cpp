#include "relx/release/elixir_protocols.h"

#include "catch.h"
#include "project.h"
#include "term/consult.h"
#include "term/print.h"

namespace relx_elixir_protocols_test {

using namespace relmk;
using namespace relmk::relx;
using Kind = plan::PlannedFile::Kind;

namespace {

// A Mix build: lib/own, and consolidated protocols where a test puts them.
struct Build {
  Scratch scratch;
  RelxConfig config = default_relx_config("relx.config");
  ResolvedRelease resolved;
  plan::Plan plan;

  Build() {
    resolved.release.version = "1";
    ResolvedApplication application;
    application.resource.directory = scratch.path / "lib/own";
    resolved.applications = {application};
  }
  void protocol(const std::string& directory) const {
    sys::make_directories(scratch.path / directory);
    sys::write_file(scratch.path / directory / "Elixir.Enumerable.beam", "");
  }
  std::string planned() { return plan_consolidated_protocols(plan, config, resolved); }
  const plan::PlannedFile* file() const {
    return plan.find("releases/1/consolidated/Elixir.Enumerable.beam");
  }
};

}  // namespace

TEST_CASE("elixir protocols: those of an application, or of an umbrella beside lib") {
  for (const char* directory : {"lib/own/consolidated", "consolidated"}) {
    Build build;
    build.protocol(directory);
    CHECK(build.planned() == "$ROOT/releases/1/consolidated");
    REQUIRE(build.file() != nullptr);
    CHECK(build.file()->kind == Kind::Copy);
  }
}

TEST_CASE("elixir protocols: linked or stripped as the release's beams are") {
  Build dev;
  dev.config.mode = Mode::Dev;
  dev.protocol("consolidated");
  dev.planned();
  CHECK(dev.file()->kind == Kind::Link);
  Build prod;
  prod.config.strip_debug_info = true;
  prod.protocol("consolidated");
  prod.planned();
  CHECK(prod.file()->kind == Kind::Strip);
}

TEST_CASE("elixir protocols: where there are none nothing is planned") {
  Build build;
  CHECK(build.planned().empty());
  CHECK(build.plan.files().empty());
  build.protocol("consolidated");
  build.resolved.applications[0].is_system = true;
  CHECK(build.planned().empty());
}

TEST_CASE("elixir protocols: their directory stands in front of each code path") {
  const Term script =
      term::consult_text("f", "{script,{r,\"1\"},[{path,[\"a\"]},{progress,x},{path,[]}]}.")
          .front();
  CHECK(with_first_directory(script, "") == script);
  CHECK(with_first_directory(script, "p") ==
        term::consult_text("f",
                           "{script,{r,\"1\"},[{path,[\"p\",\"a\"]},{progress,x},{path,[\"p\"]}]}.")
            .front());
}

}  // namespace relx_elixir_protocols_test
