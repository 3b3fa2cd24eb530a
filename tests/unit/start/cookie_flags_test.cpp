#include "start/cookie_flags.h"

#include "catch.h"

namespace start_cookie_flags_test {

using namespace relmk;
using namespace relmk::start;

namespace {

CookieFlags find(const Environment& environment) {
  return find_cookie_flags(environment, "/");
}

}  // namespace

TEST_CASE("cookie flags: leave the environment alone where there is no cookie") {
  const CookieFlags found = find({{"ERL_FLAGS", "-kernel a b"}, {"FLAGS", "-setcookie x"}});
  CHECK(found.flags.empty());
  CHECK(found.changes.empty());
}

TEST_CASE("cookie flags: take cookies out") {
  const CookieFlags found =
      find({{"ERL_AFLAGS", "+P 1000"},
            {"ERL_FLAGS", "-setcookie 'a #b' -env NAME \"x y\""},
            {"ERL_OTP25_FLAGS", "-s m f -setcookie other@host c\\ d +K true"}});
  REQUIRE(found.flags.size() == 2);
  CHECK(found.flags[0].values[0].text == "a #b");
  CHECK(found.flags[0].values[0].file == "ERL_FLAGS");
  CHECK(found.flags[1].values[1].text == "c d");
  CHECK(found.changes.size() == 3);
  CHECK(found.changes.at("ERL_FLAGS") == "-env NAME x\\ y\n");
  CHECK(found.changes.at("ERL_OTP25_FLAGS") == "-s m f\n+K true\n");
}

TEST_CASE("cookie flags: take -detached out, too") {
  const CookieFlags found = find({{"ERL_FLAGS", "-detached +P 1000"}});
  REQUIRE(found.flags.size() == 1);
  CHECK(found.flags[0].name.text == kDetached);
  CHECK(found.changes.at("ERL_FLAGS") == "+P 1000\n");
}

TEST_CASE("cookie flags: are found again in what was kept") {
  const CookieFlags first = find({{"ERL_ZFLAGS", "-setcookie a\\'b"}});
  const CookieFlags again = find(first.changes);
  CHECK(again.changes.empty());
  REQUIRE(again.flags.size() == 1);
  CHECK(again.flags[0].values[0].text == "a'b");
}

TEST_CASE("cookie flags: have no comments") {
  const CookieFlags found = find({{"ERL_FLAGS", "-env A a#b -setcookie x -env B #c"}});
  CHECK(found.changes.at("ERL_FLAGS") == "-env A a\\#b\n-env B \\#c\n");
}

}  // namespace start_cookie_flags_test
