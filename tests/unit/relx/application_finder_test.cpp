#include "relx/resolve/application_finder.h"

#include <fmt/core.h>
#include <sys/resource.h>

#include "catch.h"
#include "project.h"
#include "sys/error.h"

namespace relx_application_finder_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

void add_application(const fs::path& directory, const std::string& name, const std::string& version,
                     const std::string& needs = "") {
  sys::make_directories(directory / "ebin");
  sys::write_file(
      directory / "ebin" / (name + ".app"),
      fmt::format("{{application,{},[{{description,\"\"}},{{vsn,\"{}\"}},{{modules,[]}},"
                  "{{registered,[]}},{{applications,[{}]}}]}}.\n",
                  name, version, needs));
}

struct Lib {
  Scratch scratch;
  RelxConfig config = default_relx_config("relx.config");
  otp::Installation otp;
  ApplicationSources sources;

  Lib() {
    otp.root = scratch.path;
    otp.lib = scratch.path / "otp";
    sys::make_directories(otp.lib);
    sources.otp = &otp;
    sources.lib_dirs = {scratch.path / "first", scratch.path / "second"};
  }
  fs::path at(const std::string& path) const { return scratch.path / path; }
};

}  // namespace

TEST_CASE("application finder: what is read ahead is what is found, and needs no file any more") {
  const Lib lib;
  add_application(lib.at("first/a"), "a", "1", "b, c");
  add_application(lib.at("second/b"), "b", "1", "c, a");
  add_application(lib.at("otp/c-1"), "c", "1", "nowhere");
  add_application(lib.at("first/alone"), "alone", "1");
  ApplicationFinder finder(lib.config, lib.sources);
  finder.read_ahead({Atom("a")});
  for (const char* path : {"first/a", "second/b", "otp/c-1", "first/alone"})
    fs::remove_all(lib.at(path));
  for (const char* name : {"a", "b", "c"}) {
    INFO(name);
    const auto found = finder.find(Atom(name), {});
    REQUIRE(found);
    CHECK(found->resource.name.text() == name);
    CHECK(found->is_system == (*name == 'c'));
  }
  CHECK_FALSE(finder.find(Atom("nowhere"), {}));
}

TEST_CASE("application finder: a directory that is given again is looked into once") {
  Lib lib;
  lib.sources.lib_dirs = {lib.at("first"), lib.at("second"), lib.at("first"), lib.at("first")};
  add_application(lib.at("first/a"), "a", "1");
  ApplicationFinder finder(lib.config, lib.sources);
  CHECK(finder.places() == fmt::format("{}, {}, {}", lib.at("first").string(),
                                       lib.at("second").string(), lib.otp.lib.string()));
  CHECK(finder.find(Atom("a"), {}));
}

TEST_CASE("application finder: of another version than the first place has, the next places") {
  const Lib lib;
  add_application(lib.at("first/a"), "a", "1");
  add_application(lib.at("second/a"), "a", "2");
  add_application(lib.at("otp/a-3"), "a", "3");
  for (const bool ahead : {false, true}) {
    ApplicationFinder finder(lib.config, lib.sources);
    for (const char* version : {"1", "2", "3"}) {
      if (ahead) finder.read_ahead({Atom("a")});
      const auto found = finder.find(Atom("a"), version);
      REQUIRE(found);
      CHECK(found->resource.version == version);
    }
    CHECK_FALSE(finder.find(Atom("a"), "4"));
    CHECK(finder.find(Atom("a"), {})->resource.version == "1");
  }
}

TEST_CASE("application finder: what is wrong with one is told when that one is asked for") {
  const Lib lib;
  add_application(lib.at("first/a"), "a", "1", "broken");
  add_application(lib.at("first/broken"), "broken", "1");
  sys::write_file(lib.at("first/broken/ebin/broken.app"), "{application,broken,[\n");
  ApplicationFinder finder(lib.config, lib.sources);
  finder.read_ahead({Atom("a")});
  CHECK(finder.find(Atom("a"), {}));
  CHECK_THROWS_WITH(finder.find(Atom("broken"), {}),
                    Catch::Matchers::ContainsSubstring("broken.app:1:21: error: "));
}

TEST_CASE("application finder: a directory whose name is not the application's") {
  const Lib lib;
  add_application(lib.at("second/p1_tls-1.1.16"), "fast_tls", "1.1.16");
  ApplicationFinder finder(lib.config, lib.sources);
  CHECK(finder.find(Atom("fast_tls"), {}));
  CHECK_FALSE(finder.find(Atom("p1_tls"), {}));
  CHECK(finder.places() == fmt::format("{}, {}, {}", lib.at("first").string(),
                                       lib.at("second").string(), lib.at("otp").string()));
}

TEST_CASE("application finder: one that has only its source is not compiled") {
  const Lib lib;
  sys::make_directories(lib.at("first/a/src"));
  sys::write_file(lib.at("first/a/src/a.app.src"), "");
  ApplicationFinder finder(lib.config, lib.sources);
  CHECK(finder.advice("a") == lib.at("first/a/src/a.app.src").string() + " is not compiled");
  CHECK(finder.advice("b").empty());
}

TEST_CASE(
    "application finder: of one that has its source, too, the versions that there are are told") {
  const Lib lib;
  add_application(lib.at("first/a"), "a", "1");
  add_application(lib.at("otp/a-3"), "a", "3");
  sys::make_directories(lib.at("first/a/src"));
  sys::write_file(lib.at("first/a/src/a.app.src"), "");
  ApplicationFinder finder(lib.config, lib.sources);
  CHECK_FALSE(finder.find(Atom("a"), "2"));
  CHECK(finder.advice("a") == fmt::format("there is 1 in {}, 3 in {}", lib.at("first/a").string(),
                                          lib.at("otp/a-3").string()));
}

}  // namespace relx_application_finder_test
