#include "mix/release_plan.h"

#include "catch.h"
#include "sys/error.h"

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
  CHECK_THROWS_AS(mix::release_names(request), Error);
  CHECK_THROWS_AS(mix::read_release(request), Error);
}
