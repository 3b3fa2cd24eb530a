// A directory for one test, removed with it.
#pragma once

#include <fcntl.h>

#include <cstdlib>
#include <filesystem>
#include <string>

struct Scratch {
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "relmk-unit.XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};
