// The Erlang program that carries the instructions of an update out on a node.
#pragma once

#include <string_view>

namespace relmk::enit {

// Carries low-level instructions (sasl's relup(4)) out, less those that restart the emulator or
// wait for other nodes, and takes each back when a later one fails: it knows what it has done.
// A process whose state was changed, and which was not resumed since, gets the state that it had.
//
// Variables before it: those of enit/node_functions.h, Timeout (milliseconds), Instructions,
// Libraries [{App, OldEbin | none, NewEbin | none}], Specifications [{OldSpec, NewSpec}] of what
// changes ({application, App, Keys}, see app(4)), Configuration [{App, [{Key, Value}]}],
// AppliedBefore (what counts as applied to the node) and Applied, which is noted at the end.
// Returns
//   {done, [{Module, Count}]}: of old code that processes still use,
//   {put_back, Reason, [NotPutBack]}: texts,
//   busy: another program of ours changes the node.
extern const std::string_view kUpdateProgram;

}  // namespace relmk::enit
