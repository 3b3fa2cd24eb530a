// The arguments that GNU make was started with ("Options Summary" of its manual).
#pragma once

#include <string>
#include <vector>

namespace relmk::make {

struct CommandLine {
  std::vector<std::string> makefiles;  // of -f, in their order
  std::vector<std::string> others;     // all but those and -C, with argv[0] first
  bool changes_directory = false;      // by -C
  bool is_quiet = false;               // --no-print-directory
};

// Options may be joined (`-kf FILE`, `-fFILE`), and long ones cut short (`--makef=FILE`).
CommandLine read_command_line(const std::vector<std::string>& argv);

}  // namespace relmk::make
