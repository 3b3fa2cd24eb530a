#include "relx/config/config_source.h"

#include "catch.h"
#include "scratch.h"

using namespace relmk;

namespace {

// `FILE:LINE` of where a term stands, FILE without its directory.
std::string place(const relx::ConfigSource& source, const Term& term) {
  const Error error(source.file, term.position(), "");
  return fs::path(error.file()).filename().string() + ":" + std::to_string(term.position().line);
}

}  // namespace

TEST_CASE("config source: what a script leaves of its CONFIG is the configuration's own") {
  const Scratch scratch;
  const fs::path file = scratch.path / "relx.config";
  sys::write_file(file, "\n{lib_dirs, [\"a\"]}.\n{overlay, [\n{mkdir, \"x\"}]}.\n");
  sys::write_file(scratch.path / "relx.config.script",
                  "CONFIG ++\n\n\n\n [{include_src, false}].\n");
  const relx::ConfigSource source = relx::read_config_source({file, {}, false});
  REQUIRE(source.terms.size() == 3);
  CHECK(place(source, source.terms[0]) == "relx.config:2");
  CHECK(place(source, source.terms[1][1][0]) == "relx.config:4");
  CHECK(place(source, source.terms[2]) == "relx.config.script:5");
}
