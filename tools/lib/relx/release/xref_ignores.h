// What rebar3 leaves out of the calls that xref finds (rebar_prv_xref:filter_xref_results): what
// rebar.config's xref_ignores names, and -ignore_xref attributes of the modules that call.
#pragma once

#include <vector>

#include "beam/calls.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::relx {

// The calls of which neither caller nor callee, nor the module of either, is ignored.
// `xref_ignores` holds modules and {Module, Function, Arity}; `callers` are the calling modules'
// BEAM files. Throws Error for a malformed one.
std::vector<beam::Call> without_ignored(std::vector<beam::Call> calls, const Terms& xref_ignores,
                                        const std::vector<fs::path>& callers);

}  // namespace relmk::relx
