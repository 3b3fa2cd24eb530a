#include "otp/release/releases_file.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace otp_releases_file_test {

using namespace relmk;
using namespace relmk::otp;

TEST_CASE("RELEASES: there and back") {
  Scratch scratch;
  const std::string file = (scratch.path / "RELEASES").string();
  const InstalledRelease release{
      "kazoo", "1.0-ö", "13.1.5", {{Atom("kernel"), "8.5.3", "./lib/kernel-8.5.3"}}, "permanent"};
  sys::write_file(file, releases_text({release}));
  CHECK(sys::read_file(file) ==
        "%% coding: utf-8\n"
        "[{release,\"kazoo\",\"1.0-ö\",\"13.1.5\",\n"
        "          [{kernel,\"8.5.3\",\"./lib/kernel-8.5.3\"}],\n"
        "          permanent}].\n");
  const auto read = read_releases(file);
  REQUIRE(read.size() == 1);
  CHECK(read[0].version == "1.0-ö");
  CHECK(read[0].libraries[0].directory == "./lib/kernel-8.5.3");
  CHECK(releases_text(read) == sys::read_file(file));
}

TEST_CASE("RELEASES: the current release is written as unpacked") {
  CHECK(releases_text({{"r", "1", "13", {}, "current"}}) ==
        "%% coding: utf-8\n[{release,\"r\",\"1\",\"13\",[],unpacked}].\n");
}

TEST_CASE("RELEASES: something else is an error with a position") {
  Scratch scratch;
  const std::string file = (scratch.path / "RELEASES").string();
  sys::write_file(file, "[\n {release,r}].\n");
  CHECK_THROWS_WITH(read_releases(file), Catch::Matchers::StartsWith(file + ":2:2: error: "));
}

TEST_CASE("start_erl.data: two words") {
  Scratch scratch;
  const fs::path file = scratch.path / "start_erl.data";
  sys::write_file(file, start_erl_data_text({"13.1.5", "1.0"}));
  CHECK(sys::read_file(file) == "13.1.5 1.0");
  CHECK(read_start_erl_data(file).release_version == "1.0");
  sys::write_file(file, "13.1.5\n");
  CHECK_THROWS_AS(read_start_erl_data(file), Error);
}

}  // namespace otp_releases_file_test
