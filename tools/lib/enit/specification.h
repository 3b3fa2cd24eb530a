// release.enit: {release, NAME, [{vsn, "1.0"}, {applications, [App]}, {lib_dirs, [Dir]}]}.
#pragma once

#include <string>
#include <vector>

#include "enit/faults.h"
#include "enit/places.h"
#include "term/term.h"

namespace relmk::enit {

// Applications that a file names, and where.
struct NamedApplications {
  std::vector<Atom> names;
  std::string file;
  Position at;
};

struct Specification {
  std::string name;     // the directory's: that in the term counts for nothing
  std::string version;  // `undefined` where the file has none
  NamedApplications applications;
  std::vector<fs::path> lib_dirs;  // each is as one of ERL_LIBS; relative ones start at the file's
};

// Reads release.enit. What is wrong with it is added to the faults, and left out.
Specification read_specification(const ReleasePlace& release, Faults& faults);

// [App] as a file has it, each name once.
NamedApplications named_applications(const std::string& file, const Term& property, Faults& faults);

// A string, a binary or an atom as text.
std::optional<std::string> text_of(const Term& value);

}  // namespace relmk::enit
