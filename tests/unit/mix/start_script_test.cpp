#include "mix/start_script.h"

#include "catch.h"

namespace mix_start_script_test {

using namespace relmk;

TEST_CASE("mix start script: both names have the same text, with nothing left to fill in") {
  mix::Answer release;
  release.name = "shop";
  release.version = "1.0.0";
  const auto files = mix::start_script_files(release);
  REQUIRE(files.size() == 2);
  CHECK(files[0].path == "bin/shop");
  CHECK(files[1].path == "bin/shop-1.0.0");
  CHECK(files[0].text == files[1].text);
  CHECK(files[0].mode == 0755);
  CHECK(files[0].text.find("'shop'") != std::string::npos);
  CHECK(files[0].text.find("# @") == std::string::npos);
  CHECK(files[0].text.find("@REL_NAME@") == std::string::npos);
}

}  // namespace mix_start_script_test
