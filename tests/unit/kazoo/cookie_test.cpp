#include "kazoo/cookie.h"

#include "catch.h"
#include "scratch.h"
#include "warnings.h"

namespace kazoo_cookie_test {

using namespace relmk;
using namespace relmk::kazoo;

namespace {

std::string cookie_at_here(std::string_view text) {
  try {
    return kazoo_cookie(KazooConfig("config.ini", text), "kazoo_apps", {"here", "dc1"}).value;
  } catch (const Error& error) {
    return error.text();
  }
}

}  // namespace

TEST_CASE("cookie: as Kazoo has it, quotes and all") {
  CHECK(cookie_at_here("[kazoo_apps]\ncookie = change_me\n") == "change_me");
  CHECK(cookie_at_here("[kazoo_apps]\ncookie = \"a b;c\"\n") == "\"a b;c\"");
  CHECK(cookie_at_here("[kazoo_apps]\ncookie = 007\n") == "7");
  CHECK(cookie_at_here("[kazoo_apps]\ncookie = a\n[kazoo_apps]\nzone = dc1\ncookie = b\n") == "b");
  CHECK(cookie_at_here("[kazoo_apps]\ncookie = a\n[kazoo_apps]\nport = 1\n") == "a");
}

TEST_CASE("cookie: none, or more than Kazoo can choose from, is an error without the cookie") {
  CHECK(cookie_at_here("[ecallmgr]\ncookie = a\n") == "config.ini: error: no section [kazoo_apps]");
  CHECK(cookie_at_here("\n[kazoo_apps]\nport = 1\n") ==
        "config.ini:2:1: error: no cookie in section [kazoo_apps]");
  CHECK(cookie_at_here("[kazoo_apps]\nhost = there\ncookie = a\n") ==
        "config.ini:1:1: error: no section [kazoo_apps] is for host here or zone dc1");
  CHECK(cookie_at_here("[kazoo_apps]\ncookie =\n") ==
        "config.ini:2:1: error: the cookie in section [kazoo_apps] is empty");
  CHECK(cookie_at_here("[kazoo_apps]\ncookie = a\n[kazoo_apps]\ncookie = b\n") ==
        "config.ini:4:1: error: a second cookie for section [kazoo_apps], after the one at line 2: "
        "Kazoo takes neither");
}

TEST_CASE("cookie: characters with which no node can run are refused, and not shown") {
  CHECK(cookie_at_here("[kazoo_apps]\ncookie = g\u00e4ste\n") == "g\u00e4ste");
  CHECK(cookie_at_here("[kazoo_apps]\ncookie = sm\u0142\n") ==
        "config.ini:2:1: error: the cookie has characters that no node can run with: those above "
        "255");
}

TEST_CASE("cookie: the host in a node's name does not choose, and who may think so is told") {
  Scratch scratch;
  const fs::path file = scratch.path / "config.ini";
  sys::write_file(file, "[kazoo_apps]\ncookie = a\n[kazoo_apps]\nhost = there.x\ncookie = b\n",
                  0600);
  CHECK(node_type("kazoo_apps@there.x") == "kazoo_apps");
  const Warnings warnings;
  CHECK(read_cookie("kazoo_apps", file, {}).value == "a");
  CHECK(read_cookie("kazoo_apps@elsewhere.x", file, {}).value == "a");
  CHECK(warnings.count() == 0);
  CHECK(read_cookie("kazoo_apps@there.x", file, {}).value == "a");
  CHECK(warnings.count() == 1);
}

TEST_CASE("cookie: a file that others can read gets a warning") {
  Scratch scratch;
  const fs::path file = scratch.path / "config.ini";
  sys::write_file(file, "[kazoo_apps]\ncookie = a\n", 0640);
  const Warnings warnings;
  read_cookie("kazoo_apps", file, {});
  CHECK(warnings.count() == 0);
  sys::write_file(file, "[kazoo_apps]\ncookie = a\n", 0644);
  read_cookie("kazoo_apps", file, {});
  CHECK(warnings.count() == 1);
}

TEST_CASE("cookie: a missing file is named with the section") {
  CHECK_THROWS_WITH(read_cookie("kazoo_apps", "/nowhere/config.ini", {}),
                    "/nowhere/config.ini: error: no config.ini for section [kazoo_apps]: the file "
                    "does not exist");
}

}  // namespace kazoo_cookie_test
