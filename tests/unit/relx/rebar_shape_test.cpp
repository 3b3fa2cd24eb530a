#include "relx/config/rebar_shape.h"

#include "catch.h"
#include "term/consult.h"

namespace relx_rebar_shape_test {

using namespace relmk;
using namespace relmk::relx;
using Catch::Matchers::ContainsSubstring;

namespace {

// The text of the Error, or nothing.
std::string fault(const std::string& text, const std::vector<std::string>& profiles = {}) {
  try {
    check_rebar_shape(term::consult_text("rebar.config", text), profiles, "rebar.config");
  } catch (const Error& error) {
    return error.text();
  }
  return "";
}

}  // namespace

TEST_CASE("rebar shape: what rebar3 takes is taken") {
  CHECK(fault("{erl_opts, debug_info}. {deps, foo}. {relx, [{dev_mode, true}]}.") == "");
  CHECK(fault("{profiles, [{prod, [{relx, [{mode, prod}]}]}, {test, []}]}.", {"prod"}) == "");
  CHECK(fault("{project_app_dirs, [\"a/*\", <<\"b\">>]}. {base_dir, \"b\"}.") == "");
}

TEST_CASE("rebar shape: a relx that is no list of terms is refused where it stands") {
  CHECK_THAT(fault("\n {relx, {dev_mode, false}}."),
             ContainsSubstring("rebar.config:2:2: error: {relx, [Term]} is expected, not"));
  CHECK_FALSE(fault("{relx, [a], [b]}.").empty());
  CHECK_FALSE(fault("{relx}.").empty());
  CHECK_FALSE(fault("relx.").empty());
  CHECK_FALSE(fault("{relx, [a | b]}.").empty());
}

TEST_CASE("rebar shape: profiles that are no list of profiles are refused") {
  CHECK_THAT(fault("{profiles, {prod, [{relx, []}]}}."),
             ContainsSubstring("rebar.config:1:1: error: {profiles, [{Profile, [Term]}]}"));
  CHECK_FALSE(fault("{profiles, [prod]}.").empty());
  CHECK_FALSE(fault("{profiles, [{\"prod\", []}]}.").empty());
}

TEST_CASE("rebar shape: a profile's terms are looked at when it is in force") {
  const std::string text = "{profiles, [\n{prod, {relx, []}}]}.";
  CHECK(fault(text).empty());
  CHECK_THAT(fault(text, {"prod"}),
             ContainsSubstring("rebar.config:2:1: error: {Profile, [Term]}"));
  const std::string relx = "{profiles, [{prod, [\n  {relx, {dev_mode, false}}]}]}.";
  CHECK(fault(relx, {"test"}).empty());
  CHECK_THAT(fault(relx, {"prod"}), ContainsSubstring("rebar.config:2:3: error: {relx, [Term]}"));
}

TEST_CASE("rebar shape: a list of terms in the place of a term is refused") {
  CHECK_THAT(fault("{deps, []}.\n[{mode, prod}]."),
             ContainsSubstring("rebar.config:2:1: error: {Key, Value} is expected, not"));
  CHECK_FALSE(fault("5.").empty());
  CHECK_THAT(fault("{profiles, [{prod, [\n [{relx, [{mode, prod}]}]]}]}.", {"prod"}),
             ContainsSubstring("rebar.config:2:2: error: {Key, Value} is expected, not"));
}

TEST_CASE("rebar shape: hooks are lists") {
  CHECK(fault("{pre_hooks, [{compile, \"a\"}]}. {provider_hooks, [{pre, [{tar, x}]}]}.") == "");
  CHECK_FALSE(fault("{pre_hooks, foo}.").empty());
  CHECK_FALSE(fault("{post_hooks, {tar, \"a\"}}.").empty());
  CHECK_FALSE(fault("{provider_hooks, [{pre, {tar, x}}]}.").empty());
}

TEST_CASE("rebar shape: directories are texts") {
  CHECK_FALSE(fault("{base_dir, build}.").empty());
  CHECK_FALSE(fault("{deps_dir, {a}}.").empty());
  CHECK_FALSE(fault("{project_app_dirs, \"apps\"}.").empty());
  CHECK_FALSE(fault("{xref_ignores, a}.").empty());
}

}  // namespace relx_rebar_shape_test
