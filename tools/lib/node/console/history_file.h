// The file in which a console keeps what was typed into it, from one session to the next.
// line_history.h is what the keys go through.
#pragma once

#include <string>
#include <vector>

#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::node {

class HistoryFile {
 public:
  // relmk/console_history below XDG_CACHE_HOME (~/.cache); empty without a home.
  static fs::path default_file(const sys::Environment& environment);

  // A file that only its owner can read. Without one (an empty path), or where it cannot be
  // written, nothing is kept. Entries that hold `secret` are not kept.
  HistoryFile(fs::path file, std::string secret);

  // The oldest first; a thousand at most.
  const std::vector<std::string>& entries() const { return entries_; }
  // Adds an entry, of one line or more, at once, so that it outlives a session that is killed.
  void add(const std::string& line);

 private:
  fs::path file_;
  std::string secret_;
  std::vector<std::string> entries_;
};

}  // namespace relmk::node
