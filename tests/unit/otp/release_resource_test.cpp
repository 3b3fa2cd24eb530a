#include "otp/release/release_resource.h"

#include "catch.h"
#include "sys/error.h"
#include "term/consult.h"

namespace otp_release_resource_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

ReleaseResource release(const std::string& applications) {
  const std::string text =
      "{release,{\"r\",\"1\"},{erts,\"13\"},[{kernel,\"8\"},{stdlib,\"4\"}," + applications + "]}.";
  return release_resource(term::consult_text("r.rel", text).front(), "r.rel");
}

}  // namespace

TEST_CASE("release resource: every form of an application, there and back") {
  const std::string text =
      "{release,{\"r\",\"1\"},{erts,\"13\"},[{kernel,\"8\"},{stdlib,\"4\",permanent},"
      "{a,\"1\",load},{b,\"1\",[c]},{c,\"1\",none,[]}]}.";
  const Term term = term::consult_text("r.rel", text).front();
  const ReleaseResource release = release_resource(term, "r.rel");
  CHECK_FALSE(release.applications[0].type);
  CHECK(release.applications[2].type == StartType::Load);
  CHECK(release.applications[3].included_applications == std::vector<Atom>{Atom("c")});
  CHECK(release.applications[4].included_applications->empty());
  CHECK(release_resource_term(release) == term);
}

TEST_CASE("release resource: sasl is not needed, but known to lack") {
  CHECK(lacks_sasl(release("{a,\"1\"}")));
  CHECK_FALSE(lacks_sasl(release("{sasl,\"4\",none}")));
}

TEST_CASE("release resource: as many applications as memory is for") {
  const auto many = [](int count) {
    std::string applications = "{a,\"1\"}";
    for (int i = 1; i < count; ++i)
      applications += ",{a,\"1\"}";
    return applications;
  };
  CHECK(release(many(49'998)).applications.size() == 50'000);
  CHECK_THROWS_WITH(release(many(49'999)),
                    "r.rel:1:32: error: more than 50000 applications of a release");
}

TEST_CASE("release resource: a start type that is none") {
  CHECK_THROWS_WITH(release("{a,\"1\",sometimes}"),
                    "r.rel:1:59: error: Illegal applications in the release file: "
                    "[{a,\"1\",sometimes}]");
}

TEST_CASE("release resource: included applications go last") {
  CHECK_THROWS_AS(release("{a,\"1\",[b],load}"), Error);
}

}  // namespace otp_release_resource_test
