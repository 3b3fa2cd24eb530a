// A release on disk, as far as it says how its node starts, and the environment to start it in.
#pragma once

#include <sys/stat.h>

#include <string>

#include "catch.h"
#include "scratch.h"
#include "start/start_environment.h"
#include "start/start_files.h"

namespace relmk::start {
struct Demo : Scratch {
  ReleasePlace release{path / "demo", "demo", "1.0"};
  Environment environment{{"HOME", (path / "home").string()}};

  Demo() {
    sys::make_directories(release.version_directory());
    sys::make_directories(path / "home");
    write("vm.args", "-sname a@localhost\n-setcookie secret\n");
    write("sys.config", "[].\n");
    write("demo.boot", "");
  }
  fs::path file(const std::string& name) const { return release.version_directory() / name; }
  void write(const std::string& name, const std::string& text) {
    sys::write_file(file(name), text);
  }
  StartEnvironment find() const { return find_start_environment(release, environment); }
  StartFiles start() const { return write_start_files(release, environment, find()); }
};

inline unsigned mode_of(const fs::path& path) {
  struct stat status = {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}
}  // namespace relmk::start
