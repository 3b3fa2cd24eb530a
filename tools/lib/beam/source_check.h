// Whether compiled modules are those of their sources: systools' option src_tests.
#pragma once

#include <vector>

#include "sys/files.h"
#include "term/term.h"

namespace relmk::beam {

struct SourceProblem {
  enum class Kind {
    ModuleNotFound,  // no MODULE.beam in ebin
    SourceNotFound,  // no MODULE.erl in src or below it
    OutOfDate,       // MODULE.erl is newer than MODULE.beam (in whole seconds)
  };
  Kind kind = Kind::ModuleNotFound;
  Atom module{""};
};

// What is wrong with each of the modules of an application, whose directory of BEAM files is
// `ebin`; in the order of `modules`. Sources are looked for in ../src and all directories below it;
// in `ebin` itself where that has another name.
std::vector<SourceProblem> source_problems(const fs::path& ebin, const std::vector<Atom>& modules);

// Of those, what is wrong without a look at sources: the modules that have no .beam.
std::vector<SourceProblem> missing_modules(const fs::path& ebin, const std::vector<Atom>& modules);

}  // namespace relmk::beam
