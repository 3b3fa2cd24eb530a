#include "node/upgrade/release_text.h"

#include "catch.h"

namespace node_release_text_test {

using namespace relmk;

TEST_CASE("release text: quoted as Erlang writes a string") {
  CHECK(node::quoted("1.0+a") == "\"1.0+a\"");
}

TEST_CASE("release text: a term on one line") {
  CHECK(node::shown(Term::tuple({Term::atom("enoent"), Term(5)})) == "{enoent,5}");
}

TEST_CASE("release text: an error within another has its place and no hint") {
  CHECK(node::reason_of(Error("bad").with_hint("do it")) == "bad");
  CHECK(node::reason_of(Error("f", Position{3, 1}, "bad").with_hint("do it")) ==
        "f:3:1: error: bad");
}

}  // namespace node_release_text_test
