#include "relx/release/release_relup.h"

#include "catch.h"
#include "otp/application/installation.h"
#include "scratch.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "term/consult.h"
#include "term/print.h"

namespace relx_release_relup_test {

using namespace relmk;
using namespace relmk::relx;
using Catch::Matchers::ContainsSubstring;

namespace {

// DIR/demo with versions 1 and 2, of kernel, stdlib, sasl and `a`; no application has modules.
struct Fixture {
  Scratch scratch;
  ReleaseRelupRequest request;
  fs::path root = scratch.path / "demo";

  Fixture() {
    request.root = root;
    request.name = "demo";
    request.environment = sys::process_environment();
    for (const char* name : {"kernel", "stdlib", "sasl"})
      application(name, "9");
    for (const char* version : {"1", "2"})
      release(version);
  }
  // It is the one assembled last.
  void release(const std::string& version) const {
    application("a", version);
    put("releases/" + version + "/demo.rel",
        "{release,{\"demo\",\"" + version +
            "\"},{erts,\"13\"},[{kernel,\"9\"},{stdlib,\"9\"},{sasl,\"9\"},{a,\"" + version +
            "\"}]}.\n");
    put("releases/start_erl.data", "13 " + version);
  }
  // Of these, the one that an upgrade to the last begins with.
  std::string before_last(const std::vector<std::string>& versions) {
    sys::remove_tree(root / "releases");
    for (const std::string& version : versions)
      release(version);
    return make_release_relup(request).upgrades.at(0).from;
  }
  void put(const std::string& path, const std::string& text) const {
    sys::make_directories((root / path).parent_path());
    sys::write_file(root / path, text);
  }
  void application(const std::string& name, const std::string& version) const {
    const std::string needs = name == "kernel" ? "" : name == "stdlib" ? "kernel" : "kernel,stdlib";
    put("lib/" + name + "-" + version + "/ebin/" + name + ".app",
        "{application," + name + ",[{description,\"\"},{vsn,\"" + version +
            "\"},{registered,[]},{modules,[]},{applications,[" + needs + "]}]}.\n");
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "release relup: the version assembled last from one beside it") {
  request.up_from = {"1"};
  const ReleaseRelup relup = make_release_relup(request);
  CHECK(relup.version == "2");
  CHECK(relup.file == root / "releases/2/relup");
  CHECK(sys::read_file(relup.file) ==
        "%% coding: utf-8\n{\"2\",[{\"1\",[],[point_of_no_return]}],"
        "[{\"1\",[],[point_of_no_return]}]}.\n");
  REQUIRE(relup.upgrades.size() == 1);
  REQUIRE(relup.upgrades[0].changes.size() == 1);
  CHECK(relup.upgrades[0].changes[0].name == Atom("a"));
  CHECK_FALSE(relup.upgrades[0].restarts_emulator);
  CHECK_THAT(upgrade_table("demo", relup),
             ContainsSubstring("demo 1 -> 2\n") && ContainsSubstring("a  1 -> 2"));
  CHECK_THAT(sys::read_file(root / "lib/a-2/ebin/a.appup"), ContainsSubstring("\"1\""));
}

// Of two libraries there are three versions each, and both old releases are gone from: each way has
// the instructions between its own two versions.
TEST_CASE_METHOD(Fixture, "release relup: each old release has its own versions of the libraries") {
  sys::remove_tree(root / "releases");
  // What the first one holds of b, the second one has not: versions do not go by releases.
  const std::vector<std::vector<std::string>> releases = {{"1", "2"}, {"2", "1"}, {"3", "3"}};
  for (size_t i = 0; i < releases.size(); ++i) {
    const std::string version = std::to_string(i + 1);
    std::string applications = "{kernel,\"9\"},{stdlib,\"9\"},{sasl,\"9\"}";
    for (size_t k = 0; k < 2; ++k) {
      const std::string name = k == 0 ? "a" : "b";
      application(name, releases[i][k]);
      applications += ",{" + name + ",\"" + releases[i][k] + "\"}";
    }
    put("releases/" + version + "/demo.rel",
        "{release,{\"demo\",\"" + version + "\"},{erts,\"13\"},[" + applications + "]}.\n");
    put("releases/start_erl.data", "13 " + version);
  }
  // Of b's, that from version 2 is to be made.
  const auto entry = [](const std::string& version, const std::string& what) {
    return "{\"" + version + "\",[{apply,{" + what + version + ",f,[]}}]}";
  };
  put("lib/a-3/ebin/a.appup", "{\"3\",[" + entry("1", "a") + "," + entry("2", "a") + "],[" +
                                  entry("2", "x") + "," + entry("1", "x") + "]}.\n");
  put("lib/b-3/ebin/b.appup", "{\"3\",[" + entry("1", "b") + "],[" + entry("1", "y") + "]}.\n");
  request.up_from = {"1", "2"};
  const ReleaseRelup relup = make_release_relup(request);
  const Terms made = term::consult_file(relup.file.string());
  CHECK(term::print_plain(made.at(0)) ==
        "{[51],[{[50],[],[point_of_no_return,{apply,{a2,f,[]}},{apply,{b1,f,[]}}]},"
        "{[49],[],[point_of_no_return,{apply,{a1,f,[]}}]}],"
        "[{[50],[],[point_of_no_return,{apply,{x2,f,[]}},{apply,{y1,f,[]}}]},"
        "{[49],[],[point_of_no_return,{apply,{x1,f,[]}}]}]}");
  CHECK_THAT(
      upgrade_table("demo", relup),
      ContainsSubstring("  a  1 -> 3  apply {a1,f,[]} (a.appup)\n  b  2 -> 3  nothing but its "
                        "version (made)\n") &&
          ContainsSubstring(
              "  a  2 -> 3  apply {a2,f,[]} (a.appup)\n  b  1 -> 3  apply {b1,f,[]} (b.appup)\n"));
  // The appup that is made for one of the two is that one's alone.
  const std::string b = sys::read_file(root / "lib/b-3/ebin/b.appup");
  CHECK_THAT(b, ContainsSubstring("entries of 2\n") && ContainsSubstring("b1"));
  CHECK(sys::read_file(root / "lib/a-3/ebin/a.appup").find("made by") == std::string::npos);
}

// The order is that of get_version_before/3 in relx 4 (rlx_relup).
TEST_CASE_METHOD(Fixture, "release relup: the version before is relx's") {
  CHECK(before_last({"9", "8", "11", "10"}) == "9");
  CHECK(before_last({"1.0.0-rc.1", "0.9.0", "1.1.0", "1.0.0"}) == "1.0.0-rc.1");
  CHECK(before_last({"1.0.0", "0.9.0", "1.0.0-rc.1", "1.0.0-rc.2"}) == "1.0.0-rc.1");
  CHECK(before_last({"1.0", "1.2.0", "1.10.0", "1.9.0"}) == "1.2.0");
  // No numbers that it knows: below all that are, and in the order of their names.
  CHECK(before_last({"0c45f1a", "ffe0193", "9d1b2c3"}) == "0c45f1a");
  CHECK(before_last({"1.0.0", "1.0.0.4", "1.0.0.5"}) == "1.0.0.4");
  CHECK(before_last({"1.0.0.4", "ab12", "2.0.0"}) == "1.0.0.4");
  // But for numbers in them.
  CHECK(before_last({"1.0.0.8", "1.0.0.9", "1.0.0.10"}) == "1.0.0.9");
  CHECK(before_last({"1.0.0", "1.0.0.5"}) == "1.0.0");
  CHECK(before_last({"1.0.0.5", "1.0.1"}) == "1.0.0.5");
}

TEST_CASE_METHOD(Fixture, "release relup: a version that is not there") {
  request.up_from = {"7"};
  CHECK_THROWS_WITH(make_release_relup(request),
                    ContainsSubstring("there is no release demo of version 7"));
  CHECK_FALSE(fs::exists(root / "releases/2/relup"));
}

TEST_CASE_METHOD(Fixture, "release relup: nothing is written before all is made") {
  request.up_from = {"1", "7"};
  CHECK_THROWS_AS(make_release_relup(request), Error);
  CHECK_FALSE(fs::exists(root / "releases/2/relup"));
  CHECK_FALSE(fs::exists(root / "lib/a-2/ebin/a.appup"));
}

TEST_CASE_METHOD(Fixture, "release relup: appups by hand alone") {
  request.up_from = {"1"};
  request.appups.made = false;
  CHECK_THROWS_WITH(make_release_relup(request), ContainsSubstring("a.appup"));
}

TEST_CASE_METHOD(Fixture, "release relup: a tarball that is none") {
  sys::write_file(scratch.path / "bad.tar.gz", "damaged");
  request.up_from = {scratch.path / "bad.tar.gz"};
  CHECK_THROWS_WITH(make_release_relup(request), ContainsSubstring("cannot be unpacked"));
}

TEST_CASE_METHOD(Fixture, "release relup: nothing is assembled") {
  fs::remove(root / "releases/start_erl.data");
  request.up_from = {"1"};
  CHECK_THROWS_WITH(make_release_relup(request), ContainsSubstring("no release is assembled"));
}

}  // namespace relx_release_relup_test
