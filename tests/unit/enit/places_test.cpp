#include "enit/places.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace enit_places_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

struct Host {
  Host() {
    places.releases = scratch.path / "var/enit";
    places.configurations = scratch.path / "etc/enit";
    places.other_releases = scratch.path / "var";
    places.other_configurations = scratch.path / "etc";
  }
  void lay(const std::string& file) {
    const fs::path path = scratch.path / file;
    sys::make_directories(path.parent_path());
    sys::write_file(path, "");
  }
  std::vector<std::string> configs(const std::string& release) const {
    std::vector<std::string> names;
    for (const fs::path& file : find_release(places, release, Match::Exact).configs)
      names.push_back(file.lexically_relative(scratch.path).string());
    return names;
  }
  Scratch scratch;
  Places places;
};

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("enit places: options go before the environment, that before the usual places") {
  const std::map<std::string, std::string> environment{{"ENIT_RELEASE_DIR", "/a"},
                                                       {"ENIT_CONFIG_DIR", "/b"}};
  CHECK(find_places("", "", {}).releases == "/var/lib/enit");
  CHECK(find_places("", "", {}).other_configurations == fs::path("/etc"));
  CHECK(find_places("", "", environment).releases == "/a");
  CHECK(find_places("/c", "", environment).releases == "/c");
  CHECK(find_places("/c", "", environment).configurations == "/b");
  CHECK_FALSE(find_places("/c", "", environment).other_releases);
}

TEST_CASE("enit places: files are read in order of their names, the release's own first") {
  Host host;
  host.lay("var/enit/r/release.enit");
  host.lay("var/enit/r/z.config");
  host.lay("etc/enit/r/b.config");
  host.lay("etc/enit/r/a.config");
  host.lay("etc/enit/r/r.toml");
  host.lay("etc/enit/r/RELEASE.toml");
  host.lay("etc/enit/r/other.toml");
  host.lay("etc/enit/r/a.conf");
  CHECK(host.configs("r") == Strings{"var/enit/r/z.config", "etc/enit/r/a.config",
                                     "etc/enit/r/b.config", "etc/enit/r/RELEASE.toml",
                                     "etc/enit/r/r.toml"});
}

TEST_CASE("enit places: the other spelling is taken file by file where the first is absent") {
  Host host;
  host.lay("var/r/release.enit");
  host.lay("var/r/defaults.config");
  host.lay("etc/r/user.config");
  host.lay("etc/enit/r/snmp_support.config");
  host.lay("etc/enit/r/zz.config");
  CHECK(host.configs("r") == Strings{"var/r/defaults.config", "etc/enit/r/snmp_support.config",
                                     "etc/r/user.config", "etc/enit/r/zz.config"});
  host.lay("etc/enit/r/user.config");
  CHECK(host.configs("r")[2] == "etc/enit/r/user.config");
}

TEST_CASE("enit places: a part of a name finds a release only where it may") {
  Host host;
  host.lay("var/enit/relex/release.enit");
  host.lay("var/enit/another/release.enit");
  CHECK(release_names(host.places) == Strings{"another", "relex"});
  CHECK(find_release(host.places, "ele", Match::Part).name == "relex");
  CHECK_THROWS_WITH(find_release(host.places, "ele", Match::Exact),
                    Catch::Matchers::ContainsSubstring("there is no release `ele`"));
  CHECK_THROWS_AS(find_release(host.places, "../enit/relex", Match::Exact), Error);
}

}  // namespace enit_places_test
