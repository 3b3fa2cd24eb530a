#include "enit/operator_files.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"

namespace enit_operator_files_test {

using namespace relmk;
using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Host {
  Host() {
    places.releases = scratch.path / "var";
    places.configurations = scratch.path / "etc";
  }
  Scratch scratch;
  Places places;
};

}  // namespace

TEST_CASE("enit init: a release that names the applications, and a cookie for its owner alone") {
  const Host host;
  const std::vector<fs::path> files = initialize_release(host.places, "relex", {"sasl", "Strange"});
  REQUIRE(files.size() == 2);
  CHECK_THAT(sys::read_file(files[0]), ContainsSubstring("        sasl,\n        'Strange'\n"));
  struct stat status = {};
  REQUIRE(::stat(files[1].c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const std::vector<fs::path> others = initialize_release(host.places, "other", {"sasl"});
  CHECK(sys::read_file(files[1]) != sys::read_file(others[1]));
}

TEST_CASE("enit init: what is there is left alone, and then nothing is written") {
  const Host host;
  const fs::path user = host.places.configurations / "relex/user.config";
  sys::make_directories(user.parent_path());
  sys::write_file(user, "mine");
  CHECK_THROWS_WITH(initialize_release(host.places, "relex", {"sasl"}),
                    ContainsSubstring("is there already"));
  CHECK(sys::read_file(user) == "mine");
  CHECK_FALSE(fs::exists(host.places.releases));
  for (const char* name : {"", "a/b", "..", "-x"})
    CHECK_THROWS_WITH(initialize_release(host.places, name, {"sasl"}),
                      ContainsSubstring("cannot be a release's name"));
}

TEST_CASE("enit unit: it runs the release, and a per cent sign is none of systemd's") {
  Release release;
  release.place.name = "relex";
  release.specification.version = "1%2";
  release.node.stop_timeout = std::chrono::milliseconds(30500);
  const std::string unit = systemd_unit(release, {"/usr/bin/enit", {}});
  CHECK_THAT(unit, ContainsSubstring("Description=Erlang release relex 1%%2\n"));
  CHECK_THAT(unit, ContainsSubstring("ExecStart=/usr/bin/enit startfg relex\n"));
  CHECK_THAT(unit, ContainsSubstring("ExecReload=/usr/bin/enit reconfigure relex\n"));
  CHECK_THAT(unit, ContainsSubstring("TimeoutStopSec=62\n"));
  CHECK_THAT(unit, ContainsSubstring("\nWants=network-online.target epmd.socket\n"));
}

TEST_CASE("enit unit: the directories that were given are its own, too; words are quoted") {
  Release release;
  release.place.name = "relex";
  const std::string unit = systemd_unit(
      release, {"/opt/my enit", {"--release-dir", "/srv/50%/$x", "--config-dir", "/e"}});
  CHECK_THAT(unit, ContainsSubstring(
                       "ExecStart=\"/opt/my enit\" startfg relex --release-dir \"/srv/50%%/$$x\" "
                       "--config-dir /e\n"));
}

TEST_CASE("enit unit: homes and /tmp are hidden, unless what the node is started from lies there") {
  Release release;
  release.place.name = "relex";
  release.place.directory = "/var/lib/enit/relex";
  release.place.configuration = "/etc/enit/relex";
  const auto has = [&](const char* executable, const char* line) {
    return systemd_unit(release, {executable, {}}).find(line) != std::string::npos;
  };
  CHECK(has("/usr/bin/enit", "\nProtectHome=true\n"));
  CHECK(has("/usr/bin/enit", "\nPrivateTmp=true\n"));
  CHECK(has("/home/a/enit", "\nProtectHome=false\n"));
  CHECK(has("/homes/enit", "\nProtectHome=true\n"));
  release.specification.lib_dirs = {"/usr/lib/erlang/lib", "/srv/../root/lib"};
  CHECK(has("/usr/bin/enit", "\nProtectHome=false\n"));
  release.place.configuration = "/tmp/etc/relex";
  CHECK(has("/usr/bin/enit", "\nPrivateTmp=false\n"));
}

}  // namespace enit_operator_files_test
