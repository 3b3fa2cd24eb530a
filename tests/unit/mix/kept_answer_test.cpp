#include "mix/kept_answer.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"
#include "sys/files.h"

namespace mix_kept_answer_test {

using namespace relmk;

namespace {

struct Kept {
  Scratch scratch;
  mix::Question question;
  mix::Basis basis;
  fs::file_time_type later = fs::file_time_type::clock::now() + std::chrono::hours(1);

  Kept() {
    question.project = scratch.path;
    question.mix_exs = "mix.exs";
    sys::write_file(scratch.path / "mix.exs", "one");
    basis.reads = {{scratch.path / "mix.exs", mix::Read::Kind::Content},
                   {scratch.path / "runtime.exs", mix::Read::Kind::Existence},
                   {scratch.path / "apps", mix::Read::Kind::Listing}};
    basis.environment = {"RELMK_TEST_MIX"};
    fs::create_directory(scratch.path / "apps");
  }
  void keep() { mix::keep_answer(question, Term::atom("yes"), basis, later); }
  bool holds() const { return mix::kept_answer(question).has_value(); }
};

}  // namespace

TEST_CASE("kept answer: is the one that was kept, for its owner alone") {
  Kept kept;
  CHECK_FALSE(kept.holds());
  kept.keep();
  CHECK(mix::kept_answer(kept.question) == Term::atom("yes"));
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(kept.scratch.path / "_build/.relmk")) {
    struct stat status {};
    REQUIRE(::stat(entry.path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    ++files;
  }
  CHECK(files == 1);
}

TEST_CASE("kept answer: a file's content counts where it was read, else its being there") {
  Kept kept;
  kept.keep();
  sys::write_file(kept.scratch.path / "mix.exs", "other");
  CHECK_FALSE(kept.holds());
  kept.keep();
  sys::write_file(kept.scratch.path / "runtime.exs", "");
  CHECK_FALSE(kept.holds());
  kept.keep();
  sys::write_file(kept.scratch.path / "runtime.exs", "changed");
  CHECK(kept.holds());
}

TEST_CASE("kept answer: a new name in a directory that was listed counts") {
  Kept kept;
  kept.keep();
  fs::create_directory(kept.scratch.path / "apps/new");
  CHECK_FALSE(kept.holds());
}

TEST_CASE("kept answer: a variable counts, and its value is not written") {
  Kept kept;
  kept.question.environment["RELMK_TEST_MIX"] = "very secret";
  kept.keep();
  CHECK(kept.holds());
  for (const auto& entry : fs::directory_iterator(kept.scratch.path / "_build/.relmk"))
    CHECK(sys::read_file(entry.path()).find("very secret") == std::string::npos);
  kept.question.environment["RELMK_TEST_MIX"] = "another";
  CHECK_FALSE(kept.holds());
}

TEST_CASE("kept answer: not to another question") {
  Kept kept;
  kept.keep();
  mix::Question other = kept.question;
  other.name = "other";
  CHECK_FALSE(mix::kept_answer(other));
  other = kept.question;
  other.version = "2";
  CHECK_FALSE(mix::kept_answer(other));
}

TEST_CASE("kept answer: not of another Elixir or Erlang; it needs none") {
  Kept kept;
  const auto program = [&](const std::string& path) {
    fs::create_directories((kept.scratch.path / path).parent_path());
    sys::write_file(kept.scratch.path / path, "#!/bin/sh", 0755);
  };
  for (const char* path : {"a/elixir", "a/erl", "b/elixir", "c/erl"})
    program(path);
  const auto path_of = [&](const std::string& directories) {
    std::string path;
    for (const char directory : directories)
      path += (kept.scratch.path / std::string(1, directory)).string() + ":";
    kept.question.environment["PATH"] = path;
  };
  path_of("a");
  kept.keep();
  CHECK(kept.holds());
  path_of("ba");
  CHECK_FALSE(kept.holds());
  path_of("ca");
  CHECK_FALSE(kept.holds());
  path_of("d");
  CHECK(kept.holds());
  path_of("a");
  kept.question.environment["ERL_LIBS"] = "/more";
  CHECK_FALSE(kept.holds());
}

TEST_CASE("kept answer: not one that ran a program, nor one of files that changed meanwhile") {
  Kept kept;
  kept.basis.programs = {"git"};
  kept.keep();
  CHECK_FALSE(kept.holds());
  kept.basis.programs.clear();
  kept.later = fs::file_time_type::clock::now() - std::chrono::hours(1);
  kept.keep();
  CHECK_FALSE(kept.holds());
}

}  // namespace mix_kept_answer_test
