#include "otp/application/application_source.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "sys/files.h"

namespace otp_application_source_test {

using namespace relmk;
using namespace relmk::otp;

namespace {
std::string of_source(const std::string& text) {
  const Scratch scratch;
  const fs::path file = scratch.path / "a.app.src";
  sys::write_file(file, text);
  try {
    return application_of_source(file.string(), {"a_app", "B"});
  } catch (const Error& error) {
    return error.text().substr(scratch.path.native().size() + 1);
  }
}
}  // namespace

TEST_CASE("application source: an empty list of modules is filled in, however it is written") {
  CHECK(of_source("{application,a,[{vsn,\"ä\"},\n { modules , [ ] } % none\n,{env,[]}]}.") ==
        "{application,a,[{vsn,\"ä\"},{modules,[a_app,'B']},{env,[]}]}.\n");
}

TEST_CASE("application source: one that is missing is added") {
  CHECK(of_source("{application,a,[%% {modules, []}\n]}.\n") ==
        "{application,a,[{modules,[a_app,'B']}]}.\n");
}

TEST_CASE("application source: one that is written by hand stays") {
  CHECK(of_source("{application,a,[{modules,[c]}]}.") == "{application,a,[{modules,[c]}]}.\n");
}

TEST_CASE("application source: what is none is refused with its place") {
  CHECK(of_source("{application,a}.") ==
        "a.app.src:1:1: error: expected {application, Name, Properties}");
  CHECK(of_source("\n{application,a,[}.").starts_with("a.app.src:2:17: error: "));
  CHECK(of_source("") == "a.app.src: error: there is no term in this file");
}

}  // namespace otp_application_source_test
