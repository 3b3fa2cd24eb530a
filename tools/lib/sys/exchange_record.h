// What an exchange is to do, and its text in the journal:
//
//   finish | undo      what is to be done with it
//   relmk exchange 1
//   PATH               of a nodetool that can do it
//   area PATH          relative to the root, or absolute
//   mode BEFORE AFTER PATH
//   place AREA PATH    and replace, remove, rmdir MODE, none; the number of a step is its place
//   here end
//
// Numbers of areas and modes are octal; in a path \\ is a backslash, and \n a newline.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sys/files.h"

namespace relmk::sys {

struct ExchangeStep {
  enum class Kind { Place, Replace, Remove, RemoveDirectory, None };
  Kind kind;
  size_t area;       // its number in ExchangeRecord::areas; 0 of RemoveDirectory
  std::string path;  // relative to the root
  unsigned mode;     // of RemoveDirectory: permission bits; else 0
};

struct ExchangeMode {
  std::string path;
  unsigned before;
  unsigned after;
};

struct ExchangeRecord {
  fs::path tool;
  std::vector<fs::path> areas;
  std::vector<ExchangeStep> steps;
  std::vector<ExchangeMode> modes;
  bool is_undone = false;
};

// The first words of a journal, of one length: one is written over the other.
constexpr std::string_view kFinishWord = "finish\n";
constexpr std::string_view kUndoWord = "undo  \n";

std::string print_exchange(const ExchangeRecord& record);

// Throws Error, without a file, for what print_exchange() has not printed.
ExchangeRecord read_exchange(std::string_view text);

}  // namespace relmk::sys
