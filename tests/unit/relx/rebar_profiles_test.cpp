#include "relx/config/rebar_profiles.h"

#include "catch.h"
#include "term/consult.h"
#include "term/print.h"

namespace relx_rebar_profiles_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

Terms terms(const char* text) {
  return term::consult_text("rebar.config", text);
}

std::string printed(const Terms& list) {
  return term::print_pretty(Term::list(list), {.width = 1000});
}

}  // namespace

TEST_CASE("rebar profiles: the last of equal keys counts") {
  const Terms list = terms("{a, 1}. {b, 2}. {a, 3}. {c}. a.");
  CHECK(last_value(list, "a") == Term(3));
  CHECK_FALSE(last_value(list, "c"));
}

TEST_CASE("rebar profiles: what a profile says goes before what held without it") {
  const Terms list = terms(
      "{relx, [{release, {r, \"1\"}, [app]}, {mode, dev}, {overlay, [{mkdir, \"x\"}]}]}. "
      "{profiles, [{prod, [{relx, [{mode, prod}, {overlay, [{mkdir, \"y\"}]}]}]}, {other, []}]}.");
  CHECK(printed(rebar_relx_terms(list, {})) ==
        "[{release,{r,\"1\"},[app]},{mode,dev},{overlay,[{mkdir,\"x\"}]}]");
  CHECK(printed(rebar_relx_terms(list, {"other", "none"})) == printed(rebar_relx_terms(list, {})));
  const Terms merged = rebar_relx_terms(list, {"prod"});
  CHECK(printed(merged) ==
        "[{overlay,[{mkdir,\"y\"}]},{overlay,[{mkdir,\"x\"}]},{mode,dev},{mode,prod},"
        "{release,{r,\"1\"},[app]}]");
  CHECK(
      printed(join_overlays(merged)) ==
      "[{overlay,[{mkdir,\"x\"},{mkdir,\"y\"}]},{mode,dev},{mode,prod},{release,{r,\"1\"},[app]}]");
}

TEST_CASE("rebar profiles: a malformed overlay stays to be told") {
  CHECK(printed(join_overlays(terms("{overlay, x}. {overlay, [{mkdir, \"a\"}]}."))) ==
        "[{overlay,[{mkdir,\"a\"}]},{overlay,x}]");
  CHECK(printed(join_overlays(terms("{mode, dev}."))) == "[{mode,dev}]");
}

}  // namespace relx_rebar_profiles_test
