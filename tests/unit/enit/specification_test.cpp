#include "enit/specification.h"

#include "catch.h"
#include "scratch.h"

namespace enit_specification_test {

using namespace relmk;
using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Written {
  explicit Written(const std::string& text) {
    place.name = "relex";
    place.directory = scratch.path;
    sys::write_file(place.specification(), text);
    read = read_specification(place, faults);
  }
  Scratch scratch;
  ReleasePlace place;
  Faults faults;
  Specification read;
};

}  // namespace

TEST_CASE(
    "enit specification: version, applications and directories; the name is the directory's") {
  const Written written(
      "{release, other, [{vsn, \"1.0\"}, {applications, [sasl, relex, sasl]},\n"
      "  {lib_dirs, [\"libs\", \"/opt/erlang\"]}]}.\n");
  CHECK(written.faults.none());
  CHECK(written.read.name == "relex");
  CHECK(written.read.version == "1.0");
  CHECK(written.read.applications.names == std::vector<Atom>{Atom("sasl"), Atom("relex")});
  CHECK(written.read.lib_dirs ==
        std::vector<fs::path>{written.scratch.path / "libs", "/opt/erlang"});
}

TEST_CASE("enit specification: without a version it is undefined") {
  const Written written("{release, relex, [{applications, [sasl]}]}.\n");
  CHECK(written.faults.none());
  CHECK(written.read.version == "undefined");
}

TEST_CASE("enit specification: what is wrong is told with its place") {
  for (const char* text :
       {"", "{release, relex}.\n", "{release, a, []}. {release, b, []}.\n", "{release, a, [\n",
        "{release, a, [{applications, x}]}.\n", "{release, a, [{applications, [1]}]}.\n",
        "{release, a, [{lib_dirs, 1}]}.\n", "{release, a, [{vsn, 1}]}.\n"}) {
    INFO(text);
    const Written written(text);
    REQUIRE_FALSE(written.faults.none());
    CHECK(written.faults.all()[0].file() == written.place.specification().string());
  }
}

TEST_CASE("enit specification: text is a string, a binary or an atom") {
  CHECK(text_of(Term::string("a")) == "a");
  CHECK(text_of(Term::binary("b")) == "b");
  CHECK(text_of(Term::atom("c")) == "c");
  CHECK_FALSE(text_of(Term(1)));
  CHECK_FALSE(text_of(Term::tuple({})));
}

}  // namespace enit_specification_test
