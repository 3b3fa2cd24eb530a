#include "start/node_name.h"

#include "catch.h"
#include "sys/error.h"

using namespace relmk;
using namespace relmk::start;

TEST_CASE("NodeNameWithHostStaysAsItIs") {
  CHECK(complete_node_name("kazoo_apps@a.b", NameType::Long).text() == "kazoo_apps@a.b");
  CHECK(complete_node_name("x-1@127.0.0.1", NameType::Long).host == "127.0.0.1");
  CHECK(complete_node_name("x@a", NameType::Short).text() == "x@a");
}

TEST_CASE("NodeNameOfShortTypeHasNoDotInItsHost") {
  CHECK_THROWS_AS(complete_node_name("x@a.b", NameType::Short), Error);
}

TEST_CASE("NodeNameRefusesWhatTheVmRefuses") {
  CHECK_THROWS_AS(complete_node_name("", NameType::Short), Error);
  CHECK_THROWS_AS(complete_node_name("@host", NameType::Short), Error);
  CHECK_THROWS_AS(complete_node_name("a.b@host", NameType::Short), Error);
  CHECK_THROWS_AS(complete_node_name("a@b@c", NameType::Short), Error);
}

TEST_CASE("NodeNameWithoutHostGetsThisOnes") {
  CHECK(complete_node_name("x", NameType::Short).host == local_host().host);
}
