#include "relx/config/goals.h"

#include "catch.h"
#include "sys/error.h"
#include "term/consult.h"

namespace relx_goals_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

ConfiguredRelease release_of(const std::string& text, const ConfiguredReleases& known = {}) {
  return configured_release(term::consult_text("f", text + ".").front(), known, "f");
}

// NAME[-VERSION][:TYPE][+INCLUDED…] of each application.
std::string goals(const ConfiguredRelease& release) {
  std::string out;
  for (const Goal& goal : release.goals) {
    out += (out.empty() ? "" : " ") + goal.name.text();
    if (goal.version) out += "-" + *goal.version;
    if (goal.type) out += std::string(":") + otp::start_type_text(*goal.type);
    if (goal.included_applications) {
      out += "+";
      for (const Atom& included : *goal.included_applications)
        out += included.text();
    }
  }
  return out;
}

std::string error_of(const std::string& text) {
  try {
    release_of(text);
  } catch (const Error& error) {
    return error.text().substr(0, error.text().find('\n'));
  }
  return "none";
}

}  // namespace

TEST_CASE("goals: parts of an application that are left out") {
  CHECK(goals(release_of("{release,{r,\"1\"},[a,{b,load},{c,\"2\"},{d,\"3\",none,[x]},{e,[]}]}")) ==
        "a b:load c-2 d-3:none+x e+");
}

TEST_CASE("goals: a release's own ERTS and terms") {
  const ConfiguredRelease release =
      release_of("{release,{r,\"1\"},{erts,\"13.1\"},[a],[{mode,prod}]}");
  CHECK(release.name.text() == "r");
  CHECK(release.version == "1");
  CHECK(release.erts_version == "13.1");
  CHECK(release.config.size() == 1);
}

TEST_CASE("goals: an extended release has the other's applications, less what it names itself") {
  ConfiguredReleases known;
  known.add(release_of("{release,{base,\"1\"},[a,{b,\"1\"}]}"));
  CHECK(goals(release_of("{release,{r,\"2\",{extend,{base,\"1\"}}},[{b,\"2\"},c]}", known)) ==
        "a b-2 c");
  CHECK(goals(release_of("{release,{r,\"1\",{extend,base}},[]}", known)) == "a b-1");
  CHECK_THROWS_WITH(
      release_of("{release,{r,\"2\",{extend,base}},[]}", known),
      Catch::Matchers::StartsWith("f:1:17: error: No releases exist in the system for base:2!"));
}

TEST_CASE("goals: what is malformed is refused where it stands") {
  CHECK(error_of("{release,{r,\"1\"},[a,\n{b,1}]}") ==
        "f:2:1: error: malformed application in a release: {b,1}");
  CHECK(error_of("{release,{r,\"1\"},x}") == "f:1:1: error: malformed list of applications: x");
  CHECK(error_of("{release,{r,1},[]}").starts_with("f:1:1: error: malformed release: "));
  CHECK(error_of("{release,{r,\"1\"}}").starts_with("f:1:1: error: malformed release: "));
  CHECK(error_of("{release,{r,\"1\",odd},[]}").starts_with("f:1:1: error: malformed release: "));
}

}  // namespace relx_goals_test
