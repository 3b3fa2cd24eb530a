#include "otp/release/start_order.h"

#include "applications.h"
#include "catch.h"
#include "sys/error.h"

namespace otp_start_order_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

// The names in their order, without kernel and stdlib, which come first.
std::string order(const std::vector<ApplicationResource>& applications) {
  const std::vector<OrderedApplication> ordered = start_order(test_release(applications));
  REQUIRE(ordered.size() == applications.size() + 2);
  CHECK(ordered[0].resource.name.text() == "kernel");
  CHECK(ordered[1].resource.name.text() == "stdlib");
  std::string out;
  for (size_t i = 2; i < ordered.size(); ++i)
    out += ordered[i].resource.name.text();
  return out;
}

std::string names(const std::vector<Atom>& atoms) {
  std::string out;
  for (const Atom& atom : atoms)
    out += atom.text();
  return out;
}

}  // namespace

TEST_CASE("start order: that of the .rel where nothing needs anything") {
  CHECK(order({test_application("b"), test_application("a")}) == "ba");
}

TEST_CASE("start order: an application stands after what it needs, and after what that needs") {
  CHECK(order({test_application("a", "{applications,[c]}"), test_application("b"),
               test_application("c", "{applications,[b]}")}) == "bca");
}

TEST_CASE("start order: what an application includes is told with it") {
  const std::vector<OrderedApplication> ordered = start_order(
      test_release({test_application("a", "{included_applications,[c]}"), test_application("c")}));
  for (const OrderedApplication& application : ordered) {
    const bool is_a = application.resource.name.text() == "a";
    CHECK(names(application.includes) == (is_a ? "c" : ""));
  }
}

TEST_CASE("start order: who uses an included application waits for the one that includes it") {
  const std::vector<OrderedApplication> ordered = start_order(test_release(
      {test_application("user", "{applications,[inner]}"),
       test_application("outer", "{included_applications,[inner]}"), test_application("inner")}));
  for (const OrderedApplication& application : ordered) {
    if (application.resource.name.text() == "user") CHECK(names(application.uses) == "outer");
  }
}

TEST_CASE("start order: the type is that of the .rel") {
  const std::vector<OrderedApplication> ordered =
      start_order(test_release({test_application("a")}, {StartType::Load}));
  CHECK(ordered.back().type == StartType::Load);
}

TEST_CASE("start order: a circle is refused, and named") {
  CHECK_THROWS_WITH(order({test_application("a", "{applications,[b]}"),
                           test_application("b", "{applications,[a]}")}),
                    Catch::Matchers::ContainsSubstring("ircular"));
}

}  // namespace otp_start_order_test
