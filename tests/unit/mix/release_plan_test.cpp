#include "mix/release_plan.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace mix_release_plan_test {

using namespace relmk;

namespace {

std::string error_of(const mix::Request& request) {
  try {
    mix::plan_release(request);
  } catch (const Error& error) {
    return error.text();
  }
  return "none";
}

}  // namespace

TEST_CASE("mix release plan: a Mix project is told by its file's name") {
  CHECK(mix::is_mix_project("mix.exs"));
  CHECK(mix::is_mix_project("a/other.exs"));
  CHECK_FALSE(mix::is_mix_project("relx.config"));
  CHECK_FALSE(mix::is_mix_project("mix.exs.config"));
}

TEST_CASE("mix release plan: a project that is not there") {
  mix::Request request;
  request.file = "/none/mix.exs";
  CHECK(error_of(request) == "/none/mix.exs: error: cannot read: no such file");
  CHECK_THROWS_AS(mix::list_releases(request), Error);
  CHECK_THROWS_AS(mix::read_release(request), Error);
}

TEST_CASE("mix release plan: what Elixir finds wrong has its place in the project") {
  const Scratch scratch;
  sys::make_directories(scratch.path / "bin");
  // {error, <<"lib/x.ex">>, 3, <<"bad">>, <<>>}
  sys::write_file(scratch.path / "bin/elixir",
                  "#!/bin/sh\nprintf '\\203\\150\\5\\167\\5error\\155\\0\\0\\0\\10lib/x.ex\\141\\3"
                  "\\155\\0\\0\\0\\3bad\\155\\0\\0\\0\\0' >\"$6\"\n",
                  0755);
  sys::write_file(scratch.path / "mix.exs", "");
  mix::Request request;
  request.file = scratch.path / "mix.exs";
  request.environment = {{"PATH", (scratch.path / "bin").string() + ":/usr/bin:/bin"}};
  CHECK(error_of(request) == (scratch.path / "lib/x.ex").string() + ":3: error: bad");
}

}  // namespace mix_release_plan_test
