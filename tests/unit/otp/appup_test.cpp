#include "otp/upgrade/appup.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "sys/files.h"
#include "term/consult.h"

namespace otp_appup_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

Appup appup(const std::string& up) {
  return {"a.appup", Term::string("2"), term::consult_text("a.appup", up + ".").front(), Term()};
}

bool has(const std::string& entries, const std::string& version) {
  return find_appup_script(appup(entries), UpgradeDirection::Up, version).has_value();
}

}  // namespace

TEST_CASE("appup: versions are equal or matched whole") {
  CHECK(has("[{\"1.0\",[]}]", "1.0"));
  CHECK_FALSE(has("[{\"1.0\",[]}]", "1.0.1"));
  CHECK(has("[{<<\"1\\\\.[0-9]+\">>,[]}]", "1.12"));
  CHECK_FALSE(has("[{<<\"1\\\\.[0-9]+\">>,[]}]", "1.12.3"));
  CHECK_FALSE(has("[{<<\"1|1.0\">>,[]}]", "1.0"));
}

TEST_CASE("appup: a bad regular expression is an error") {
  CHECK_THROWS_AS(has("[{<<\"(\">>,[]}]", "1"), Error);
}

TEST_CASE("appup: missing or malformed") {
  const Scratch scratch;
  const std::string file = scratch.path / "a.appup";
  CHECK_THROWS_WITH(read_appup(file), Catch::Matchers::ContainsSubstring("Could not open file"));
  sys::write_file(file, "{\"2\",[}.\n");
  CHECK_THROWS_WITH(read_appup(file),
                    Catch::Matchers::ContainsSubstring("a.appup:1:7: error: Could not parse file"));
}

}  // namespace otp_appup_test
