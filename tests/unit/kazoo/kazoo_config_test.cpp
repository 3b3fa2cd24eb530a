#include "kazoo/kazoo_config.h"

#include <cstdlib>

#include "catch.h"
#include "scratch.h"

namespace kazoo_kazoo_config_test {

using namespace relmk;
using namespace relmk::kazoo;

namespace {

// The lines of the sections [kazoo_apps] that hold at host `here`, zone `dc1`.
std::string lines_at_here(std::string_view text) {
  const KazooConfig config("config.ini", text);
  std::string out;
  for (const IniSection* section : config.sections_at("kazoo_apps", {"here", "dc1"})) {
    out += std::to_string(section->at.line) + " ";
  }
  return out;
}

}  // namespace

TEST_CASE(
    "kazoo_config: the section of the host goes before those of the zone and the generic ones") {
  CHECK(lines_at_here("[kazoo_apps]\n[kazoo_apps]\nzone = dc1\n[kazoo_apps]\nhost = here\n") ==
        "4 ");
  CHECK(lines_at_here("[kazoo_apps]\n[kazoo_apps]\nzone = dc1\n[kazoo_apps]\nhost = there\n") ==
        "2 ");
  CHECK(lines_at_here("[kazoo_apps]\n[kazoo_apps]\nzone = dc2\n[kazoo_apps]\nhost = there\n") ==
        "1 ");
  CHECK(lines_at_here("[kazoo_apps]\n[ecallmgr]\nhost = here\n[kazoo_apps]\n") == "1 4 ");
  CHECK(lines_at_here("[kazoo_apps]\nhost = here\n[kazoo_apps]\nhost = here\n") == "1 ");
  CHECK(lines_at_here("[kazoo_apps]\nzone = dc1\n[kazoo_apps]\nzone = dc1\n") == "1 3 ");
}

TEST_CASE("kazoo_config: quotes around host and zone do not count") {
  CHECK(lines_at_here("[kazoo_apps]\nhost = \"here\"\n") == "1 ");
  CHECK(lines_at_here("[kazoo_apps]\nzone = \"dc1\"\n") == "1 ");
}

TEST_CASE("kazoo_config: the hosts `zone` and `generic` are no hosts") {
  CHECK(lines_at_here("[kazoo_apps]\nhost = zone\n") == "1 ");
  CHECK(lines_at_here("[kazoo_apps]\nhost = zone\nzone = dc2\n") == "");
  CHECK(lines_at_here("[kazoo_apps]\nhost = generic\nzone = dc2\n") == "1 ");
}

TEST_CASE("kazoo_config: settings at which Kazoo fails to start are errors") {
  const auto error = [](std::string_view text) -> std::string {
    try {
      KazooConfig("config.ini", text);
    } catch (const Error& thrown) {
      return thrown.text();
    }
    return "";
  };
  CHECK(error("[amqp]\nuri = 12\n") ==
        "config.ini:2:1: error: Kazoo fails to start with a number and no text for `uri`");
  CHECK(error("[aa]\nhost =\n") ==
        "config.ini:2:1: error: Kazoo fails to start with nothing for `host`");
  CHECK(error("[aa]\nzone =\n").empty());
  CHECK(error("[aa]\nzone = 1\n") != "");
  CHECK(error("[zone]\nname = 1\n") != "");
  CHECK(error("[aa]\nname = 1\n[log]\nhost = 1\n").empty());
  // What becomes an atom, whichever section it stands in.
  CHECK(error("[aa]\ncookie = \"\xE9\"\n") ==
        "config.ini:2:1: error: Kazoo fails to start with what is not UTF-8 for `cookie`");
  const std::string long_text(256, 'x');
  CHECK(error("[aa]\ncookie = " + long_text + "\n") ==
        "config.ini:2:1: error: Kazoo fails to start with more than 255 characters for `cookie`");
  CHECK(error("[aa]\npool = " + long_text + "\n") != "");
  CHECK(error("[aa]\nzone = \"" + long_text.substr(1) + "\"\n").empty());
  CHECK(error("[aa]\nname = " + long_text + "\n[log]\ncookie = " + long_text + "\n").empty());
}

TEST_CASE("kazoo_config: KAZOO_ZONE goes before the file's zone, and that before `local`") {
  const KazooConfig generic("config.ini", "[kazoo_apps]\n");
  const std::string host = kazoo_place(generic, "kazoo_apps", {}).host;
  CHECK_FALSE(host.empty());
  CHECK(kazoo_place(generic, "kazoo_apps", {}).zone == "local");
  const KazooConfig zoned("config.ini", "[kazoo_apps]\nhost = \"" + host + "\"\nzone = \"dc1\"\n");
  CHECK(kazoo_place(zoned, "kazoo_apps", {}).zone == "dc1");
  CHECK(kazoo_place(zoned, "ecallmgr", {}).zone == "local");
  const KazooConfig twice("config.ini", "[kazoo_apps]\nzone = local\nzone = dc1\n");
  CHECK_THROWS_WITH(
      kazoo_place(twice, "kazoo_apps", {}),
      "config.ini:3:1: error: a second zone for section [kazoo_apps], after the one at "
      "line 2: Kazoo fails to start with both");
  const sys::Environment elsewhere{{"KAZOO_ZONE", "dc2"}};
  CHECK(kazoo_place(zoned, "kazoo_apps", elsewhere).zone == "dc2");
  CHECK(kazoo_place(twice, "kazoo_apps", elsewhere).zone == "dc2");
}

TEST_CASE("kazoo_config: KAZOO_CONFIG names the file, whether it exists or not") {
  CHECK(find_kazoo_config({{"KAZOO_CONFIG", "/nowhere/config.ini"}}) ==
        fs::path("/nowhere/config.ini"));
}

}  // namespace kazoo_kazoo_config_test
