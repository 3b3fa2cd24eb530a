#include "otp/upgrade/dependency_order.h"

#include "catch.h"

namespace otp_dependency_order_test {

using namespace relmk::otp;

using Groups = std::vector<std::vector<size_t>>;

TEST_CASE("dependency order: each before what it depends on") {
  CHECK(dependency_groups({{}, {0}, {1}}) == Groups{{2, 1, 0}});
}

TEST_CASE("dependency order: what hangs together is one group") {
  CHECK(dependency_groups({{}, {3}, {}, {}, {2}}) == Groups{{0}, {1, 3}, {4, 2}});
}

TEST_CASE("dependency order: open order is that of numbers") {
  CHECK(dependency_groups({{2}, {2}, {}}) == Groups{{0, 1, 2}});
}

TEST_CASE("dependency order: a circle stays together") {
  CHECK(dependency_groups({{1}, {2}, {0}, {1}}) == Groups{{3, 0, 1, 2}});
  CHECK(dependency_groups({{0, 0}}) == Groups{{0}});
}

TEST_CASE("dependency order: circles are broken") {
  CHECK(without_circles({{1}, {2}, {0}}) == Dependencies{{1}, {2}, {}});
  CHECK(without_circles({{0}, {0, 0}}) == Dependencies{{}, {0}});
}

}  // namespace otp_dependency_order_test
