#include "otp/application/code_path.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace otp_code_path_test {

using namespace relmk;
using namespace relmk::otp;
using Strings = std::vector<std::string>;

namespace {

void lay_application(const fs::path& ebin, const std::string& name, const std::string& version) {
  sys::make_directories(ebin);
  sys::write_file(ebin / (name + ".app"),
                  "{application," + name + ",[{description,\"\"},{vsn,\"" + version +
                      "\"},{modules,[]},{registered,[]},{applications,[]}]}.");
}

}  // namespace

TEST_CASE("code path: names are joined as filename:join does") {
  CHECK(join_filename("a", "b") == "a/b");
  CHECK(join_filename("./a//b/", "./c/") == "./a/b/c");
  CHECK(join_filename("a/./b/", "") == "a/b");
  CHECK(join_filename("a", "/b") == "/b");
  CHECK(join_filename("/", "") == "/");
  CHECK(join_filename("", "a") == "/a");
}

TEST_CASE("code path: the first candidate of the version wins, others are known") {
  Scratch scratch;
  const std::string top = scratch.path.string();
  lay_application(scratch.path / "1", "a", "2");
  lay_application(scratch.path / "2", "a", "1");
  lay_application(scratch.path / "3", "a", "1");
  CodePath path;
  path.add(top + "/?");
  CHECK(path.find(Atom("a"), "1").file == top + "/2/a.app");
  CHECK(path.find(Atom("a"), "2").file == top + "/1/a.app");
  CHECK_THROWS_WITH(path.find(Atom("a"), "3"),
                    Catch::Matchers::ContainsSubstring("Found file \"" + top + "/1/a.app\""));
}

TEST_CASE(
    "code path: a candidate that is no term is passed over, but told when there is no other") {
  Scratch scratch;
  lay_application(scratch.path / "2", "a", "1");
  sys::make_directories(scratch.path / "1");
  sys::write_file(scratch.path / "1" / "a.app", "{");
  CodePath path;
  path.add((scratch.path / "?").string());
  CHECK(path.find(Atom("a"), "1").version == "1");
  CHECK_THROWS_WITH(path.find(Atom("a"), "2"),
                    Catch::Matchers::StartsWith((scratch.path / "1" / "a.app").string() + ":1:"));
}

TEST_CASE("code path: directories that are added after a search are searched too") {
  Scratch scratch;
  CodePath path;
  CHECK_THROWS_AS(path.find(Atom("a"), "1"), Error);
  lay_application(scratch.path / "ebin", "a", "1");
  path.add((scratch.path / "ebin").string());
  CHECK(path.find(Atom("a"), "1").directory == scratch.path);
}

TEST_CASE("code path: of an installation the highest version of each application") {
  Scratch scratch;
  const fs::path lib = scratch.path / "lib";
  for (const char* name : {"a-1.9", "a-1.10", "b", "b-x-2", "b-x-rc"}) {
    sys::make_directories(lib / name / "ebin");
  }
  sys::make_directories(lib / "c-1");
  CodePath path;
  path.add_installation({scratch.path, lib, "13", "25"}, {});
  CHECK(path.directories() == Strings{".", lib / "c-1", lib / "b-x-rc/ebin", lib / "b-x-2/ebin",
                                      lib / "b/ebin", lib / "a-1.10/ebin"});
}

TEST_CASE("code path: an installation's applications are found where none before them is right") {
  const Scratch scratch;
  lay_application(scratch.path / "lib/a-1/ebin", "a", "1");
  lay_application(scratch.path / "lib/b-1/ebin", "b", "1");
  lay_application(scratch.path / "mine", "a", "2");
  CodePath path;
  path.add(scratch.path / "mine");
  path.add_installation({scratch.path, scratch.path / "lib", "13", "25"}, {});
  CHECK(path.find(Atom("a"), "2").ebin == (scratch.path / "mine").native());
  CHECK(path.find(Atom("a"), "1").ebin == (scratch.path / "lib/a-1/ebin").native());
  CHECK(path.find(Atom("b"), "1").ebin == (scratch.path / "lib/b-1/ebin").native());
  // The first candidate of all is told.
  CHECK_THROWS_WITH(path.find(Atom("a"), "3"),
                    Catch::Matchers::ContainsSubstring("mine/a.app\" with version \"2\"") &&
                        Catch::Matchers::ContainsSubstring((scratch.path / "lib").native()));
  CHECK_THROWS_WITH(path.find(Atom("b"), "2"),
                    Catch::Matchers::ContainsSubstring("b-1/ebin/b.app\" with version \"1\""));
}

TEST_CASE("code path: applications in ERL_LIBS stand before those of the installation") {
  Scratch scratch;
  for (const char* ebin : {"lib/a-1/ebin", "mine/b/ebin"})
    sys::make_directories(scratch.path / ebin);
  CodePath path;
  path.add_installation({scratch.path, scratch.path / "lib", "13", "25"},
                        {{"ERL_LIBS", ":/none:" + (scratch.path / "mine").string()}});
  CHECK(path.directories() ==
        Strings{".", scratch.path / "mine/b/ebin", scratch.path / "lib/a-1/ebin"});
}

}  // namespace otp_code_path_test
