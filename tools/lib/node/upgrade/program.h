// Erlang programs that are run on the node as expressions, so that no module of ours is loaded
// there.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "node/session/rpc.h"

namespace relmk::node {

using ProgramBindings = std::vector<std::pair<std::string_view, Term>>;

// Evaluates expressions, which end with a full stop, in a process of the node; variables of these
// names are bound. That process goes on when we, or the connection, are gone. Returns the value.
// Throws RemoteError, NodeError.
Term run_program(Rpc& rpc, std::string_view text, ProgramBindings bindings,
                 const Deadline& deadline);

// What the node is, which releases its release_handler knows, and what of it an upgrade would meet.
//
// Changed: modules that are loaded or removed, each with its way of purging: [{Module, soft_purge |
// brutal_purge}]. Suspended: [Module]. Limit: milliseconds that a process may take to answer.
// Returns a proplist; see node_state.cpp.
extern const std::string_view kProbeProgram;

// Installs a version (Vsn, Options), with the environment of every application noted before and put
// back when that fails before its point of no return; then what the relup suspended is resumed.
// OldBoot is the path of the running version's start.boot. Tells Client {Tag, {failed, Reason}} as
// soon as release_handler says so. Returns
//   {ok, NotSuspended}: [pid()] of processes that did not answer the suspend,
//   {restarts, emulator}: the emulator will be restarted,
//   {failed, Reason, Restored}: before the point of no return; Restored is ok or what differs,
//   {down, Reason}: after it; the node restarts.
extern const std::string_view kInstallProgram;

// Has the providers of State, the map config_provider_init of a Mix release, make of the
// Configuration what they make of it when a node starts. Returns {ok, Text}, to be consulted, or
// {error, Text}.
extern const std::string_view kProvidersProgram;

}  // namespace relmk::node
