// A directory for one test, removed with it.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

// Where files can be synced at no cost, if there is such a place: for tests that do so often.
inline std::filesystem::path memory_directory() {
  const char* shared = "/dev/shm";
  return ::access(shared, W_OK | X_OK) == 0 ? shared : std::filesystem::temp_directory_path();
}

struct Scratch {
  explicit Scratch(
      const std::filesystem::path& directory = std::filesystem::temp_directory_path()) {
    std::string name = (directory / "relmk-unit.XXXXXX").string();
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
