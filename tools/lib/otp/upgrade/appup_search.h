// Where the instructions for an application's upgrade come from: written by hand for this pair of
// versions, NAME.appup in ebin, or made from the modules, in this order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "otp/application/application_resource.h"
#include "otp/upgrade/application_upgrade.h"
#include "otp/upgrade/relup.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::otp {

// The way between two versions of an application.
struct FoundAppup {
  ApplicationChange::Source source = ApplicationChange::Source::None;
  std::string file;  // where it was read from; empty where it is made
  Term up;           // lists of instructions
  Term down;
  bool made_up = false;  // up is made, although down may not be
  bool made_down = false;
  std::vector<std::string> warnings;  // lines of what is made, see ModuleFault::text
};

// DIRECTORY/NAME/OLD-NEW.appup
fs::path written_appup_file(const fs::path& directory, const Atom& name, const std::string& from,
                            const std::string& to);

// The appup in `newer`'s ebin counts for a direction of which it has an entry; what it lacks is
// made where that is wanted. Entries that were made earlier (see merged_appup_text) do not count.
// Throws Error, with all faults in it, where an appup is refused, and in systools' words where
// there is none.
FoundAppup find_appup(const ApplicationResource& older, const ApplicationResource& newer,
                      const AppupSources& sources);

// An appup file as a release ships it: the entries of `written` (empty: there is no such file),
// then those that were made for it, which its first line names.
std::string merged_appup_text(const std::string& written, const ApplicationResource& newer,
                              const Terms& up, const Terms& down);

// A text of an appup file with a first line before it that says of which versions its entries were
// made. It counts as long as nobody edits the text.
std::string marked_as_made(const std::vector<std::string>& versions, const std::string& text);
// Whether a file has entries that were made.
bool is_made_appup(const fs::path& file);

// The entries of an appup file less those that were made. Both lists are empty where there is no
// such file.
Appup written_entries(const std::string& file);

}  // namespace relmk::otp
