#include "enit/installed.h"

#include "catch.h"
#include "host.h"
#include "sys/error.h"

namespace enit_installed_test {

using namespace relmk;
using namespace relmk::enit;

TEST_CASE("enit installed: an application is found by its .app, whatever its directory's name") {
  const InstalledHost host;
  host.lay("lib/p1_tls-1.1.16", "fast_tls", "1.1.16", {});
  const InstalledApplications installed({}, "", host.otp);
  const auto found = installed.find(Atom("fast_tls"));
  REQUIRE(found);
  CHECK(found->directory == host.otp.lib / "p1_tls-1.1.16");
  CHECK_FALSE(installed.find(Atom("p1_tls")));
}

TEST_CASE("enit installed: the first directory counts, and there the highest version") {
  const InstalledHost host;
  host.lay("lib/a-3.0", "a", "3.0", {});
  host.lay("env/a-1.10", "a", "1.10", {});
  host.lay("env/a-1.9", "a", "1.9", {});
  host.lay("own/b", "b", "1", {});
  const std::string env = (host.scratch.path / "env").string();
  const fs::path own = host.scratch.path / "own";
  CHECK(InstalledApplications({}, "", host.otp).find(Atom("a"))->version == "3.0");
  CHECK(InstalledApplications({}, env, host.otp).find(Atom("a"))->version == "1.10");
  CHECK(InstalledApplications({own}, "/nowhere::" + env, host.otp).directories() ==
        std::vector<std::string>{own.string(), env, host.otp.lib.string()});
}

TEST_CASE(
    "enit installed: a directory that the release gives must be there; one of ERL_LIBS need not") {
  const InstalledHost host;
  CHECK_THROWS_AS(InstalledApplications({"/no/such/directory"}, "", host.otp), Error);
  CHECK_NOTHROW(InstalledApplications({}, "/no/such/directory", host.otp));
}

TEST_CASE("enit installed: a file that names another application is refused") {
  const InstalledHost host;
  host.lay("lib/x", "x", "1", {});
  fs::rename(host.otp.lib / "x/ebin/x.app", host.otp.lib / "x/ebin/y.app");
  CHECK_THROWS_WITH(InstalledApplications({}, "", host.otp).find(Atom("y")),
                    Catch::Matchers::ContainsSubstring("names the application x, not y"));
}

TEST_CASE("enit installed: versions are compared number by number") {
  CHECK(is_lower_version("1.9", "1.10"));
  CHECK(is_lower_version("1.0", "1.0.1"));
  CHECK(is_lower_version("1.0-rc1", "1.0-rc2"));
  CHECK_FALSE(is_lower_version("1.10", "1.9"));
  CHECK_FALSE(is_lower_version("2", "2"));
  CHECK_FALSE(is_lower_version("1.02", "1.2"));
}

}  // namespace enit_installed_test
