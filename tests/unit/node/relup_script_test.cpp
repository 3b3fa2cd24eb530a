#include "node/upgrade/relup_script.h"

#include "catch.h"

namespace node_relup_script_test {

using namespace relmk;
using Catch::Matchers::ContainsSubstring;
using node::find_relup_script;
using node::RelupScript;

namespace {

const char* const kRelup =
    "{\"2\", [{\"1\", [], [{load_object_code,{a,\"2\",[m]}}, point_of_no_return,\n"
    "  {suspend,[m,{n,100}]}, {load,{m,brutal_purge,soft_purge}}, "
    "{remove,{o,soft_purge,brutal_purge}}]}],\n"
    " [{\"1\", [], [{suspend,[m]}, point_of_no_return, restart_emulator]}]}.\n";

std::string failure(const std::string& from, const std::string& to,
                    std::optional<std::string> relup,
                    std::optional<std::string> running = std::nullopt) {
  try {
    find_relup_script(from, to, {"new", std::move(relup)}, {"old", std::move(running)});
  } catch (const Error& error) {
    return error.text();
  }
  return "";
}

}  // namespace

TEST_CASE("relup script: upwards is in the new version") {
  const RelupScript script = find_relup_script("1", "2", {"new", kRelup}, {"old", std::nullopt});
  CHECK(script.upwards);
  CHECK_FALSE(script.restarts());
  CHECK_FALSE(script.suspends_early);
  REQUIRE(script.changed_modules().size() == 2);
  CHECK(script.changed_modules()[1].first == Atom("o"));
  CHECK(script.changed_modules()[1].second == Atom("soft_purge"));
  CHECK(script.suspended_modules() == std::vector<Atom>{Atom("m"), Atom("n")});
  CHECK(script.kills_when_permanent(Atom("o")));
  CHECK_FALSE(script.kills_when_permanent(Atom("m")));
}

TEST_CASE("relup script: downwards is in the running version") {
  const RelupScript script = find_relup_script("2", "1", {"new", std::nullopt}, {"old", kRelup});
  CHECK_FALSE(script.upwards);
  CHECK(script.restarts_last);
  CHECK(script.suspends_early);
}

TEST_CASE("relup script: no pair names those pairs there are") {
  CHECK_THAT(failure("0", "2", kRelup),
             ContainsSubstring("no relup leads from version 0 to version 2") &&
                 ContainsSubstring("from 1, down to 1"));
  CHECK_THAT(failure("1", "2", std::nullopt),
             ContainsSubstring("neither has one") && ContainsSubstring("hint: "));
}

TEST_CASE("relup script: the running one is that of the version that runs") {
  // Where it is another's, its way down is none from here.
  CHECK_THAT(failure("3", "1", std::nullopt, kRelup),
             ContainsSubstring("it is that of version 2, not of 3"));
  CHECK(failure("2", "1", std::nullopt, kRelup).empty());
}

TEST_CASE("relup script: no relup") {
  CHECK_THAT(failure("1", "2", "[]."), ContainsSubstring("is no relup"));
  CHECK_THAT(failure("1", "2", "{\"3\", [], []}."), ContainsSubstring("it is that of version 3"));
  CHECK_THAT(failure("1", "2", "{\"2\", [{\"1\", [], [nonsense]}], []}."),
             ContainsSubstring("knows no instruction nonsense"));
  CHECK_THAT(failure("1", "2",
                     "{\"2\", [{\"1\", [],\n [point_of_no_return, restart_new_emulator]}], []}."),
             ContainsSubstring("restart_new_emulator here"));
  CHECK_THAT(failure("1", "2", "{\"2\", ["), ContainsSubstring("new:1"));
}

}  // namespace node_relup_script_test
