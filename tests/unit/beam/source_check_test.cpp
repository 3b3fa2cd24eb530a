#include "beam/source_check.h"

#include <chrono>

#include "catch.h"
#include "scratch.h"

namespace beam_source_check_test {

using namespace relmk;
using namespace relmk::beam;
using Kind = SourceProblem::Kind;

namespace {

// Seconds after some time.
void make(const fs::path& file, int time) {
  sys::make_directories(file.parent_path());
  sys::write_file(file, "x");
  fs::last_write_time(file, fs::file_time_type() + std::chrono::seconds(time));
}

}  // namespace

TEST_CASE("source check: missing, newer and nested sources") {
  const Scratch scratch;
  const fs::path ebin = scratch.path / "app" / "ebin";
  for (const char* module : {"fine", "stale", "nested", "alone"})
    make(ebin / (std::string(module) + ".beam"), 100);
  make(scratch.path / "app/src/fine.erl", 100);
  make(scratch.path / "app/src/stale.erl", 101);
  make(scratch.path / "app/src/a/b/nested.erl", 99);

  const auto problems = source_problems(
      ebin, {Atom("fine"), Atom("stale"), Atom("nested"), Atom("alone"), Atom("none")});
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].kind == Kind::OutOfDate);
  CHECK(problems[0].module == Atom("stale"));
  CHECK(problems[1].kind == Kind::SourceNotFound);
  CHECK(problems[1].module == Atom("alone"));
  CHECK(problems[2].kind == Kind::ModuleNotFound);
}

TEST_CASE("source check: links count as what they lead to") {
  const Scratch scratch;
  const fs::path ebin = scratch.path / "app" / "ebin";
  make(scratch.path / "elsewhere/a.beam", 100);
  make(scratch.path / "elsewhere/a.erl", 200);
  sys::make_directories(ebin);
  fs::create_symlink("../../elsewhere/a.beam", ebin / "a.beam");
  fs::create_symlink("nowhere", ebin / "b.beam");
  fs::create_directory_symlink("../elsewhere", scratch.path / "app/src");
  const auto problems = source_problems(ebin, {Atom("a"), Atom("b")});
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].kind == Kind::OutOfDate);
  CHECK(problems[1].kind == Kind::ModuleNotFound);
  const auto missing = missing_modules(ebin, {Atom("a"), Atom("b")});
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].module == Atom("b"));
}

TEST_CASE("source check: a directory that is not called ebin holds its own sources") {
  const Scratch scratch;
  make(scratch.path / "m.beam", 100);
  make(scratch.path / "m.erl", 100);
  CHECK(source_problems(scratch.path, {Atom("m")}).empty());
}

}  // namespace beam_source_check_test
