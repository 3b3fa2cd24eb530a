// Completion of enit's command line in shells.
#pragma once

#include <string>
#include <vector>

namespace relmk::enit {

struct CompletedCommand {
  std::string name;
  std::string about;                 // a sentence, for fish
  bool takes_release = false;        // as its first argument
  std::vector<std::string> options;  // `--dry-run`
};

// A script for bash, and for zsh with bashcompinit: commands, names of releases (`enit list
// --names`), and options.
std::string bash_completion(const std::vector<CompletedCommand>& commands);

// The same for fish.
std::string fish_completion(const std::vector<CompletedCommand>& commands);

}  // namespace relmk::enit
