// Which functions of other modules a compiled module calls, and from where.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "beam/beam_file.h"

namespace relmk::beam {

struct FunctionName {
  Atom module;
  Atom name;
  unsigned arity = 0;

  std::string text() const;  // M:F/A, quoted where Erlang needs it
  bool operator==(const FunctionName&) const = default;
};

struct Call {
  FunctionName caller;
  FunctionName callee;
  bool operator==(const Call&) const = default;
};

// Calls with an explicit or imported module, in no order, some of them more than once: those of the
// abstract code where the file has it, else those of its instructions. Throws Error for a malformed
// file.
std::vector<Call> external_calls(const BeamFile& beam);

// As xref_reader counts them: `m:f(X)`, imported functions, `fun m:f/1`, and apply, spawn and their
// kin where module, function and arguments stand there. `forms` is BeamFile::forms().
std::vector<Call> abstract_calls(Atom module, const std::string& forms);

// For stripped files: call instructions, and each `fun m:f/1` among the literals. What spawn is
// given is not seen, nor calls to guard BIFs; functions that the compiler took out of another
// (funs, comprehensions) count as that one.
std::vector<Call> code_calls(const BeamFile& beam);

}  // namespace relmk::beam
