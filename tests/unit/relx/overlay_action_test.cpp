#include "relx/overlay/overlay_action.h"

#include "catch.h"
#include "term/consult.h"

namespace relx_overlay_action_test {

using namespace relmk;
using namespace relmk::relx;
using Kind = OverlayAction::Kind;

TEST_CASE("overlay action: each of its forms") {
  const Terms overlay =
      term::consult_text("c",
                         "[{mkdir,\"d\"}, {copy,\"a*\",<<\"b\">>}, {link,<<\"a\">>,\"b\"},\n"
                         " {template,\"t\",\"o\"}, {template,\"t\",\"o\",\"vars\"}, "
                         "{chmod,8#600,[\"a\",<<\"b\">>]}].");
  const std::vector<OverlayAction> actions = parse_overlay(overlay.at(0).elements(), "c");
  REQUIRE(actions.size() == 6);
  CHECK(actions[0].kind == Kind::MakeDirectory);
  CHECK(actions[0].to == "d");
  CHECK(actions[1].kind == Kind::Copy);
  CHECK(actions[1].from == "a*");
  CHECK(actions[1].is_pattern);
  CHECK(actions[1].to == "b");
  CHECK(actions[2].kind == Kind::Link);
  CHECK_FALSE(actions[2].is_pattern);
  CHECK(actions[3].kind == Kind::Template);
  CHECK(actions[3].vars.empty());
  CHECK(actions[3].at.line == 2);
  CHECK(actions[4].vars == Terms{Term::string("vars")});
  CHECK(actions[5].kind == Kind::ChangeMode);
  CHECK(actions[5].mode == Term(0600));
  CHECK(actions[5].to == "ab");
}

TEST_CASE("overlay action: a term that is none is an error at its place") {
  for (const std::string term : {R"({copy,"a"})", "{mkdir,a}", R"({move,"a","b"})",
                                 R"({chmod,a,"b"})", R"({template,"a",1})"}) {
    const Terms overlay = term::consult_text("c", "[{mkdir, \"x\"},\n " + term + "].");
    CHECK_THROWS_WITH(parse_overlay(overlay.at(0).elements(), "c"),
                      "c:2:2: error: Overlay section malformed: " + term);
  }
  CHECK_THROWS_WITH(parse_overlay({Term::atom("copy")}, "c"),
                    "c: error: Overlay section malformed: copy");
}

}  // namespace relx_overlay_action_test
