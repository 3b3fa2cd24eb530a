#include "node/upgrade/configuration.h"

#include "catch.h"
#include "release_root.h"

namespace node_configuration_test {

using namespace relmk;
using namespace relmk::node;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Fixture : ReleaseRoot {
  start::ReleasePlace release{root, "r", "2"};
  start::Environment environment;
  Fixture() { version("2"); }
  RenderedConfiguration rendered() const {
    return render_configuration(*ReleaseImage::unpacked(root, "r", "2", "/nowhere"), environment);
  }
  fs::perms mode(const std::string& path) const {
    return fs::status(root / path).permissions() & fs::perms::all;
  }
};

const std::string kSysConfig = "releases/2/sys.config";

}  // namespace

TEST_CASE_METHOD(Fixture, "configuration: without vm.args OTP's start reads it") {
  CHECK_FALSE(is_started_by_script(release, environment));
  put(kSysConfig, "[{a,[{key,1}]}].\n");
  const RenderedConfiguration configuration = rendered();
  CHECK(configuration.sys_config == "[{a,[{key,1}]}].\n");
  REQUIRE(configuration.applications.size() == 1);
  CHECK(configuration.vm_args.empty());
  put("releases/2/vm.args.src", "");
  CHECK(is_started_by_script(release, environment));
}

TEST_CASE_METHOD(Fixture, "configuration: vm.args of the environment make it the script's") {
  environment["VMARGS_PATH"] = "/etc/vm.args";
  CHECK(is_started_by_script(release, environment));
}

TEST_CASE_METHOD(Fixture, "configuration: files that it includes count") {
  put(kSysConfig, "[{a,[]},\"more\"].\n");
  CHECK_THROWS_WITH(rendered(), ContainsSubstring("includes more, which is not there"));
  put("releases/2/more.config", "[{b,[{key,1}]}].\n");
  REQUIRE(rendered().applications.size() == 2);
  put("releases/2/more.config", "[{b,}].\n");
  CHECK_THROWS_WITH(rendered(), ContainsSubstring("more.config:1:"));
}

TEST_CASE_METHOD(Fixture, "configuration: one that is none is an error with a hint") {
  put(kSysConfig, "[{a,}].\n");
  try {
    rendered();
    FAIL("it was taken");
  } catch (const Error& error) {
    CHECK_THAT(error.text(), ContainsSubstring("sys.config:1:"));
    CHECK_FALSE(error.hint().empty());
  }
}

TEST_CASE_METHOD(Fixture,
                 "placed configuration: it is there for a while and nobody else's to read") {
  put(kSysConfig, "old");
  fs::permissions(root / kSysConfig, fs::perms(0644));
  {
    const PlacedConfiguration placed(root / kSysConfig, std::string("new"));
    CHECK(get(kSysConfig) == "new");
    CHECK(mode(kSysConfig) == fs::perms(0600));
  }
  CHECK(get(kSysConfig) == "old");
  CHECK(mode(kSysConfig) == fs::perms(0644));
}

TEST_CASE_METHOD(Fixture, "placed configuration: what was not there is gone after it") {
  { const PlacedConfiguration placed(root / kSysConfig, std::string("new")); }
  CHECK_FALSE(has(kSysConfig));
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(root / "releases/2"))
    left.push_back(entry.path().filename().string());
  CHECK(left == std::vector<std::string>{"r.rel"});
}

TEST_CASE_METHOD(Fixture, "placed configuration: the same bytes stay as they are") {
  put(kSysConfig, "same");
  fs::permissions(root / kSysConfig, fs::perms(0644));
  const PlacedConfiguration placed(root / kSysConfig, std::string("same"));
  CHECK(mode(kSysConfig) == fs::perms(0644));
}

TEST_CASE_METHOD(Fixture, "placed configuration: what a killed process left is put back") {
  put(kSysConfig, "old");
  {
    const PlacedConfiguration placed(root / kSysConfig, std::string("new"));
    fs::copy(root / "releases/2", scratch.path / "killed");
  }
  fs::remove_all(root / "releases/2");
  fs::rename(scratch.path / "killed", root / "releases/2");
  CHECK(get(kSysConfig) == "new");
  PlacedConfiguration::put_back(root / kSysConfig);
  CHECK(get(kSysConfig) == "old");
}

}  // namespace node_configuration_test
