#include "otp/upgrade/dependency_order.h"

#include "catch.h"

namespace otp_dependency_order_test {

using namespace relmk::otp;

using Groups = std::vector<std::vector<size_t>>;

TEST_CASE("DependencyOrder.EachBeforeWhatItDependsOn") {
  CHECK(dependency_groups({{}, {0}, {1}}) == Groups{{2, 1, 0}});
}

TEST_CASE("DependencyOrder.WhatHangsTogetherIsOneGroup") {
  CHECK(dependency_groups({{}, {3}, {}, {}, {2}}) == Groups{{0}, {1, 3}, {4, 2}});
}

TEST_CASE("DependencyOrder.OpenOrderIsThatOfNumbers") {
  CHECK(dependency_groups({{2}, {2}, {}}) == Groups{{0, 1, 2}});
}

TEST_CASE("DependencyOrder.ACircleStaysTogether") {
  CHECK(dependency_groups({{1}, {2}, {0}, {1}}) == Groups{{3, 0, 1, 2}});
  CHECK(dependency_groups({{0, 0}}) == Groups{{0}});
}

TEST_CASE("DependencyOrder.CirclesAreBroken") {
  CHECK(without_circles({{1}, {2}, {0}}) == Dependencies{{1}, {2}, {}});
  CHECK(without_circles({{0}, {0, 0}}) == Dependencies{{}, {0}});
}

}  // namespace otp_dependency_order_test
