// Calls to functions that do not exist, as xref:analyze(undefined_function_calls) finds them.
#pragma once

#include <vector>

#include "beam/calls.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::beam {

struct XrefScope {
  // The BEAM files whose calls are checked.
  std::vector<fs::path> callers;
  // Directories of BEAM files (ebin) that may be called; of one module the first file counts. The
  // callers' own modules may be called too.
  std::vector<fs::path> directories;
  // Modules that are part of the VM. Where no directory holds one, all its functions exist.
  std::vector<Atom> preloaded;
};

// The calls of the callers to functions that no module in scope exports, each once, in Erlang's
// order of {Caller, Callee}. Works on all processors. Throws Error for a malformed BEAM file.
std::vector<Call> undefined_calls(const XrefScope& scope);

// As systools' option exref: xref in modules mode, which knows import tables only. Each function
// that no module in scope exports, once, in Erlang's order.
std::vector<FunctionName> undefined_functions(const XrefScope& scope);

}  // namespace relmk::beam
