#include "start/sys_config.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace start_sys_config_test {

using namespace relmk;
using namespace relmk::start;

namespace {

// The error without its file; empty when there is none.
std::string error(std::string_view text) {
  try {
    validate_sys_config("sys.config", text);
  } catch (const Error& thrown) {
    return thrown.text().substr(std::string("sys.config").size());
  }
  return "";
}

}  // namespace

TEST_CASE("sys_config: what a node boots from passes") {
  for (const char* text : {
           "[].\n",
           "[]. % end",
           "%% coding: latin-1\n[{aa,[{x,\"\xE9\"}]}].",
           "[{aa,[{x,1}]},{aa,[{x,2}]}].",
           "[{aa,[]},\"./other.config\",\"/etc/kazoo/app\"].",
           "[{aa,[{x,fun erlang:abs/1},{y,#{a=>1}},{z,<<1:4,\"a\"/utf8,0:4>>}]}].",
           "[{aa,[{x,\"${A}\"},{y,'n@${B:-h}'}]}]. % ${C",
       }) {
    INFO(text);
    CHECK(error(text) == "");
  }
}

TEST_CASE("sys_config: what stops a node at boot is an error in OTP's words") {
  CHECK(error("") == ": error: configuration file must contain ONE list ended by <dot>");
  CHECK(error("[].\n[].") ==
        ":2:1: error: configuration file must contain ONE list ended by <dot>");
  CHECK(error("\n{aa,[]}.") ==
        ":2:1: error: configuration file must contain ONE list ended by <dot>");
  CHECK(error("[aa].") == ": error: invalid application config: aa");
  CHECK(error("[\n {aa,[],b}].") == ":2:2: error: invalid application config: {aa,[],b}");
  CHECK(error("[{aa,x}].") == ":1:2: error: application: aa; parameters must be a list");
  CHECK(error("[{\"aa\",[]}].") ==
        ":1:2: error: application: \"aa\"; application name must be an atom");
  CHECK(error("[{aa,[b]}].") == ":1:2: error: application: aa; invalid parameter: b");
  CHECK(error("[{aa,[{\"b\",1}]}].") ==
        ":1:7: error: application: aa; invalid parameter name: \"b\"");
  CHECK(error("[{aa,[{x,1},\n {x,2}]}].") ==
        ":2:2: error: application: aa; duplicate parameter: x");
  CHECK(error("[{aa,[{x,1+1}]}].").find("bad term") != std::string::npos);
  CHECK(error("[{aa,[{x 1}]}].") == ":1:10: error: syntax error before: 1");
}

TEST_CASE("sys_config: a reference may stand for whatever makes a template right") {
  for (const char* text : {
           "[{aa,[{port,${PORT:-8080}}]}].",
           "[{aa,[{port,${PORT}},{size,${N}000},{rate,0.${R}},{neg,-${N}},{hex,16#${H}}]}].",
           "[{aa,[{ip,{${IP}}},{list,[${LIST}]},{bin,<<${BYTES}>>}]}].",
           "[{aa,[{x,1} ${MORE}]}].",
           "[{aa,[{x,1}, ${MORE}]}].",
           "[{aa,[${MORE} {x,1}]}].",
           "[{aa,[${A}${B} ${C}]}].",
           "[{aa,[{x,${A:-{b,1}}]}].",
           "[{aa,[{ip,${IP:-{127,0,0,1}}},{port,${PORT}}]}].",
           "[{aa,[{x,${A:-\"b c\"}},{y,${B:-'d'}},{z,node_${C}@h}]}].",
           "[{aa,[{x,#{${K} => ${V}}},{y,[${H}|${T}]},{z,$a},{q,$\"}]}].",
           "${APPLICATIONS}",
           "${APPLICATIONS}.",
           "[${APP_A},${APP_B}].",
           "[{${APP},[]},{${APP},[]}].",
           "[{aa,[{x, \"it's ${N} %\"},{y,${Y}}]}].",
           "% it's ${A \"\n[{aa,[{y,${Y}}]}].",
       }) {
    INFO(text);
    CHECK(error(text) == "");
  }
}

TEST_CASE("sys_config: what no value of a reference could make right is an error with its place") {
  CHECK(error("[{aa,[{port,${PORT:-8080}]}].") ==
        ":1:26: error: syntax error before: ']'\nhint: '}' is expected");
  CHECK(error("[{aa,[{\xC3\xA9,${PORT:-8080}},\n {x 1}]}].") ==
        ":2:5: error: syntax error before: '1'");
  CHECK(error("[{aa,[{port,${PORT}} {x,1}]}].") == ":1:22: error: syntax error before: '{'");
  CHECK(error("[{aa,[{port,${PORT}},,{x,1}]}].") == ":1:22: error: syntax error before: ','");
  CHECK(error("[{aa,[{port,${PORT}}]},].") == ":1:24: error: syntax error before: ']'");
  CHECK(error("[{aa,[{port,${PORT}}]}]") == ":1:23: error: no ending <dot> found");
  CHECK(error("[{aa,[{port,${PORT}},{x,\"open}]}].").find(":1:25: error: unterminated string") ==
        0);
  CHECK(error("[{aa,[{port,${PORT}}]}") == ":1:1: error: nothing closes this '['");
}

TEST_CASE("sys.config: a reference stands for nothing where a VM is given it") {
  check_sys_config_of_vm("f", "[{a,[{v,\"${V}\"}]}].");
  CHECK_THROWS_WITH(check_sys_config_of_vm("f", "[{a,[{v,${V}}]}]."),
                    Catch::Matchers::StartsWith("f:1:11: error: syntax error before: ") &&
                        Catch::Matchers::EndsWith("where RELX_REPLACE_OS_VARS is set"));
}

TEST_CASE("sys.config: the configurations that it names") {
  const auto included = included_configs("s", "[{a,[]}, \"x\",\n \"./y.config\"].");
  REQUIRE(included.size() == 2);
  CHECK(included[0].path == "x.config");
  CHECK(included[0].at == Position{1, 10});
  CHECK(included[1].path == "./y.config");
  CHECK(included_configs("s", "[{a, ${B}}, \"x\"].").size() == 1);
  CHECK(included_configs("s", "[{a, ${B:-[]}}, \"x\" ${MORE:-}].").size() == 1);
  CHECK(included_configs("s", "[{a, {${B}, \"x\" ${C}].").empty());
}

TEST_CASE("sys.config: one that it names may name no further one") {
  CHECK_NOTHROW(check_included_config("i", "[{a,[]}]."));
  CHECK_THROWS_WITH(check_included_config("i", "[{a,[]},\n \"x\"]."),
                    Catch::Matchers::StartsWith("i:2:2: error: invalid application config: \"x\""));
  CHECK_THROWS_AS(check_included_config("i", "[{a,[{b,${C}}]}]."), Error);
  CHECK_NOTHROW(validate_sys_config("s", "[{a,[]}, \"x\"]."));
}

TEST_CASE("sys.config: an included configuration beside it goes before one in the root") {
  const Scratch scratch;
  sys::make_directories(scratch.path / "v");
  const auto check = [&] {
    check_included_configs("s", "[\"x\"].", scratch.path / "v", scratch.path);
  };
  CHECK_THROWS_WITH(check(), Catch::Matchers::StartsWith(
                                 "s:1:2: error: the included configuration x.config is not there"));
  sys::write_file(scratch.path / "x.config", "[].\n");
  CHECK_NOTHROW(check());
  sys::write_file(scratch.path / "v/x.config", "[\n");
  CHECK_THROWS_WITH(check(), Catch::Matchers::StartsWith((scratch.path / "v/x.config:").string()));
}

}  // namespace start_sys_config_test
