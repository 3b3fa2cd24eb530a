#include "mix/command.h"

#include "catch.h"
#include "sys/error.h"

namespace mix_command_test {

using namespace relmk;

namespace {

relx::ReleaseRequest given() {
  relx::ReleaseRequest request;
  request.config.file = "mix.exs";
  request.config.environment = {{"MIX_ENV", "prod"}};
  request.name = "r";
  request.version = "2";
  request.tools_dir = "tools";
  return request;
}

std::string refusal(const relx::ReleaseRequest& request) {
  try {
    mix::request_of(request);
  } catch (const Error& error) {
    return error.text().substr(0, error.text().find('\n'));
  }
  return "none";
}

}  // namespace

TEST_CASE("mix command: name, version, place and environment hold for a Mix project") {
  relx::ReleaseRequest request = given();
  request.terms = {Term::tuple({Term::atom("output_dir"), Term::string("out")})};
  const mix::Request project = mix::request_of(request);
  CHECK(project.file == "mix.exs");
  CHECK(project.name == "r");
  CHECK(project.version == "2");
  CHECK(project.output_dir == "out");
  CHECK(project.tools_dir == "tools");
  CHECK(project.environment.at("MIX_ENV") == "prod");
}

TEST_CASE(
    "mix command: what only relx's configuration has a meaning for is refused by its option") {
  relx::ReleaseRequest request = given();
  request.mode = Term::atom("prod");
  CHECK(refusal(request) == "mix.exs: error: --mode has no meaning for a Mix project");
  request = given();
  request.lib_dirs = {"x"};
  CHECK(refusal(request) == "mix.exs: error: --lib-dir has no meaning for a Mix project");
  request = given();
  request.config.profiles = {"prod"};
  CHECK(refusal(request) == "mix.exs: error: --profile has no meaning for a Mix project");
  request = given();
  request.terms = {Term::tuple({Term::atom("include_erts"), Term::atom("true")})};
  CHECK(refusal(request) == "mix.exs: error: --include-erts has no meaning for a Mix project");
}

TEST_CASE("mix command: a project that is not there is an error, before Elixir is asked") {
  mix::Request request;
  request.file = "/none/mix.exs";
  CHECK_THROWS_WITH(mix::assemble_release(request),
                    "/none/mix.exs: error: cannot read: no such file");
  CHECK_THROWS_WITH(mix::make_tar(request), "/none/mix.exs: error: cannot read: no such file");
  relx::ConfigRequest config;
  config.file = request.file;
  CHECK_THROWS_WITH(mix::relx_terms(config), "/none/mix.exs: error: cannot read: no such file");
}

}  // namespace mix_command_test
