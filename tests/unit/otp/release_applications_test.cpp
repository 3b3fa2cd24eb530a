#include "otp/release/release_applications.h"

#include "applications.h"
#include "catch.h"
#include "otp/release/start_order.h"
#include "sys/error.h"

namespace otp_release_applications_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

std::string names(const std::vector<OrderedApplication>& applications) {
  std::string names;
  for (const OrderedApplication& application : applications) {
    names += (names.empty() ? "" : " ") + application.resource.name.text();
  }
  return names;
}

// NAME of those that are kept, in the release's order.
std::string kept(const ReleaseResource& release) {
  std::string names;
  for (const ReleaseApplication& application : release.applications) {
    if (application.type == StartType::None) continue;
    names += (names.empty() ? "" : " ") + application.name.text();
  }
  return names;
}

}  // namespace

TEST_CASE("start order: what is needed goes first, else the release's order") {
  CHECK(names(start_order(test_release({test_application("a", "{applications,[c,b]}"),
                                        test_application("d"), test_application("b"),
                                        test_application("c")}))) == "kernel stdlib b c a d");
}

TEST_CASE("start order: a used application that is included makes its top one go first") {
  const auto order = start_order(
      test_release({test_application("user", "{applications,[inner]}"), test_application("inner"),
                    test_application("top", "{included_applications,[inner]}")}));
  CHECK(names(order) == "kernel stdlib inner top user");
  CHECK(order.back().uses == std::vector<Atom>{Atom("top")});
}

TEST_CASE("start order: a circle is told with its members") {
  CHECK_THROWS_WITH(test_release({test_application("a", "{applications,[b]}"),
                                  test_application("b", "{applications,[a]}")}),
                    "r.rel: error: Circular dependencies among applications: "
                    "[{b,\"1\"},{a,\"1\"}]");
}

TEST_CASE("start order: applications that include each other are a circle too") {
  CHECK_THROWS_AS(test_release({test_application("a", "{included_applications,[b]}"),
                                test_application("b", "{included_applications,[a]}")}),
                  Error);
}

TEST_CASE("release applications: an optional one may be absent") {
  CHECK_NOTHROW(
      test_release({test_application("a", "{applications,[b]},{optional_applications,[b]}")}));
  CHECK_THROWS_AS(test_release({test_application("a", "{applications,[b]}")}), Error);
}

TEST_CASE("release applications: a module that two have") {
  CHECK_THROWS_WITH(test_release({test_application("a", "{modules,[m]}"),
                                  test_application("b", "{modules,[m]}")}),
                    "r.rel: error: Duplicated modules: m specified in a and b");
}

TEST_CASE("release applications: what is named twice, refused where systools refuses it") {
  const std::string keys = "{applications,[kernel,stdlib,kernel,kernel]}";
  CHECK_NOTHROW(test_release({test_application("a", keys)}));
  CHECK_THROWS_WITH(test_release({test_application("a", keys)}, {}, Repetitions::Refused),
                    Catch::Matchers::EndsWith(
                        "a: applications parameter contains duplicates of: [kernel,kernel]"));
}

TEST_CASE("release applications: a node type keeps what it needs, and nothing else") {
  const ReleaseApplications applications = test_release(
      {test_application("node",
                        "{applications,[kernel,lib,absent]},{optional_applications,[absent]}"),
       test_application("lib", "{included_applications,[inner]}"), test_application("inner"),
       test_application("other", "{applications,[lib]}"), test_application("sasl")});
  CHECK(kept(node_type_release(applications, Atom("node"))) == "kernel stdlib node lib inner");
  CHECK(kept(node_type_release(applications, Atom("node"), {Atom("sasl")})) ==
        "kernel stdlib node lib inner sasl");
  CHECK_THROWS_WITH(node_type_release(applications, Atom("none")),
                    "r.rel: error: none is not in the release");
}

TEST_CASE("release applications: a node type keeps start types, and who includes it") {
  const ReleaseApplications applications = test_release(
      {test_application("inner"), test_application("top", "{included_applications,[inner]}"),
       test_application("other")},
      {StartType::Load, StartType::Transient});
  const ReleaseResource release = node_type_release(applications, Atom("inner"));
  CHECK(release.applications[2].type == StartType::Load);
  CHECK(release.applications[3].type == StartType::Transient);
  CHECK(release.applications[4].type == StartType::None);
}

TEST_CASE(
    "release applications: a node type starts what the release only loads, and what that needs") {
  const ReleaseApplications applications = test_release(
      {test_application("lib"), test_application("inner"),
       test_application("node", "{applications,[lib]},{included_applications,[inner]}"),
       test_application("other")},
      {StartType::None, StartType::Load, StartType::Load, StartType::Load});
  const ReleaseResource release = node_type_release(applications, Atom("node"));
  CHECK_FALSE(release.applications[2].type);
  CHECK(release.applications[3].type == StartType::Load);
  CHECK_FALSE(release.applications[4].type);
  CHECK(release.applications[5].type == StartType::None);
}

}  // namespace otp_release_applications_test
