// Where an overlay takes its files from: the disk, or the release that is being planned and that
// only will be on disk, below its output directory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "sys/files.h"

namespace relmk::relx {

struct OverlaySource {
  bool planned = false;       // `path` is one of the plan, else of the disk
  bool through_link = false;  // a planned link was followed
  fs::path path;
};

class OverlaySources {
 public:
  // Both are referred to, not copied; the plan may change between calls.
  OverlaySources(const plan::Plan& plan, const fs::path& output_dir)
      : plan_(plan), output_dir_(output_dir) {}

  // What an absolute path means. Planned links are followed; what is not planned is the disk's, be
  // it there or not. Throws Error when links lead in a circle.
  OverlaySource find(const std::string& absolute) const;
  bool exists(const std::string& absolute) const;
  bool is_directory(const std::string& absolute) const;

  // The path in the release of an absolute path below its output directory, else nullopt.
  std::optional<std::string> path_in_output(const fs::path& absolute) const;
  // Whether the output directory is `absolute` or lies below it.
  bool holds_output(const fs::path& absolute) const;

  // filelib:wildcard(Pattern, Root) for files on disk and planned ones. Throws Error for a bad
  // pattern.
  std::vector<std::string> matches(const std::string& pattern, const fs::path& root) const;

 private:
  std::vector<std::string> names_in(const fs::path& absolute) const;
  OverlaySource follow(const fs::path& absolute, int links) const;

  const plan::Plan& plan_;
  const fs::path& output_dir_;
};

}  // namespace relmk::relx
