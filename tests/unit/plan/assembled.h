// A release that is assembled of files that a test names, and what has come to be.
#pragma once

#include <map>
#include <string>

#include "plan/assemble.h"
#include "scratch.h"

namespace relmk::plan {

inline PlannedFile content(const std::string& text) {
  return {PlannedFile::Kind::Content, {}, text, {}};
}

inline Plan plan_of(const std::map<std::string, std::string>& files) {
  Plan plan;
  for (const auto& [path, text] : files)
    plan.add(path, content(text));
  return plan;
}

struct Release {
  Scratch scratch{memory_directory()};
  fs::path dir = scratch.path / "_rel";
  fs::path root = dir / "r";

  Assembly make(const Plan& plan, const std::string& version = "1") {
    return assemble(plan, {dir, "r", version});
  }
  std::string text(const std::string& path) const { return sys::read_file(root / path); }
};

// Paths below a directory with what they hold: a file's text, "-> TARGET", or "/".
inline std::map<std::string, std::string> tree(const fs::path& directory) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string path = entry.path().lexically_relative(directory).native();
    if (entry.is_symlink()) {
      all[path] = "-> " + fs::read_symlink(entry.path()).native();
    } else {
      all[path] = entry.is_directory() ? "/" : sys::read_file(entry.path());
    }
  }
  return all;
}

}  // namespace relmk::plan
