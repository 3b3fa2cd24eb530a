#include "relx/config/config_source.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"

namespace relx_config_source_test {

using namespace relmk;
using Catch::Matchers::EndsWith;

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
  const relx::ConfigSource source =
      relx::read_config_source({file, {}, false, sys::process_environment()});
  REQUIRE(source.terms.size() == 3);
  CHECK(place(source, source.terms[0]) == "relx.config:2");
  CHECK(place(source, source.terms[1][1][0]) == "relx.config:4");
  CHECK(place(source, source.terms[2]) == "relx.config.script:5");
}

TEST_CASE("config source: a script that cannot be read is not passed over") {
  const Scratch scratch;
  const fs::path file = scratch.path / "relx.config";
  const fs::path script = scratch.path / "relx.config.script";
  sys::write_file(file, "");
  const auto read = [&] {
    relx::read_config_source({file, {}, false, sys::process_environment()});
  };
  fs::create_directory(script);
  CHECK_NOTHROW(read());
  fs::remove(script);
  REQUIRE(::mkfifo(script.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(read(), EndsWith("a pipe, socket or device, and no regular file"));
  fs::remove(script);
  fs::create_symlink("nowhere", script);
  CHECK_THROWS_WITH(read(), EndsWith("No such file or directory"));
}

TEST_CASE("config source: a name that leaves no room for that of a script is one") {
  const Scratch scratch;
  const fs::path file = scratch.path / std::string(253, 'a');
  sys::write_file(file, "{a,1}.\n");
  CHECK(relx::read_config_source({file, {}, false, sys::process_environment()}).terms.size() == 1);
}

TEST_CASE("config source: commands of a script have the time that the environment gives") {
  const Scratch scratch;
  const fs::path file = scratch.path / "relx.config";
  sys::write_file(file, "");
  sys::write_file(scratch.path / "relx.config.script", "os:cmd(\"exec sleep 300\").\n");
  sys::Environment environment = sys::process_environment();
  environment["RELMK_SCRIPT_TIMEOUT"] = "1";
  CHECK_THROWS_WITH(relx::read_config_source({file, {}, false, environment}),
                    EndsWith("a command of os:cmd/1 has not ended within 1 seconds\n"
                             "hint: RELMK_SCRIPT_TIMEOUT sets this limit"));
  environment["RELMK_SCRIPT_TIMEOUT"] = "1h";
  CHECK_THROWS_WITH(relx::read_config_source({file, {}, false, environment}),
                    "error: RELMK_SCRIPT_TIMEOUT is no number of seconds: 1h");
}

TEST_CASE("config source: a script that never ends has the same time") {
  const Scratch scratch;
  const fs::path file = scratch.path / "relx.config";
  sys::write_file(file, "");
  sys::write_file(scratch.path / "relx.config.script",
                  "F = fun(G, N) -> G(G, N + 1) end.\nF(F, 0).\n");
  sys::Environment environment = sys::process_environment();
  environment["RELMK_SCRIPT_TIMEOUT"] = "1";
  CHECK_THROWS_WITH(relx::read_config_source({file, {}, false, environment}),
                    EndsWith("the script has not ended within 1 seconds\n"
                             "hint: RELMK_SCRIPT_TIMEOUT sets this limit"));
}

TEST_CASE("config source: a script that grows without end has the memory that is given") {
  const Scratch scratch;
  const fs::path file = scratch.path / "relx.config";
  sys::write_file(file, "");
  sys::Environment environment = sys::process_environment();
  environment["RELMK_SCRIPT_MEMORY"] = "100";
  const auto error_of = [&](const char* script) {
    sys::write_file(scratch.path / "relx.config.script", script);
    try {
      relx::read_config_source({file, {}, false, environment});
    } catch (const Error& error) {
      return error.text().substr(scratch.path.string().size());
    }
    return std::string("none");
  };
  const std::string of_memory =
      " takes more than 100 MiB of memory\nhint: RELMK_SCRIPT_MEMORY sets this limit";
#ifndef __SANITIZE_ADDRESS__  // see sys/memory_bound.cpp
  CHECK(error_of("F = fun(G, L) -> G(G, [lists:duplicate(1000000, x) | L]) end.\nF(F, []).\n") ==
        "/relx.config.script: error: the script" + of_memory);
#endif
  CHECK(error_of("os:cmd(\"b=$(head -c 200000000 /dev/zero | tr '\\\\0' x); sleep 300; :\").\n") ==
        "/relx.config.script: error: a command of os:cmd/1" + of_memory);
}

TEST_CASE("config source: profiles and directories of rebar3 that the environment gives") {
  const Scratch scratch;
  const fs::path file = scratch.path / "rebar.config";
  sys::write_file(file, "{relx, [{mode, dev}]}.\n{profiles, [{p, [{relx, [{mode, prod}]}]}]}.\n");
  const relx::ConfigSource source = relx::read_config_source(
      {file, {}, false, {{"REBAR_PROFILE", "p"}, {"REBAR_BASE_DIR", "/base"}}});
  CHECK(source.is_rebar);
  REQUIRE(source.build_dirs.size() == 2);
  CHECK(source.build_dirs[1] == "/base/p/lib");
  CHECK(relx::read_config_source({file, {}, false, {}}).build_dirs[1] ==
        fs::current_path() / "_build/default/lib");
}

}  // namespace relx_config_source_test
