// A shell of the node, at this terminal: the node's own `shell`, whose group leader we are, without
// a VM on this side.
#pragma once

#include "node/session/target.h"
#include "sys/environment.h"

namespace relmk::node {

// Whose: `shell` of the node, or IEx of one that runs Elixir.
enum class ShellKind { Erlang, Elixir };

// Runs it until the user leaves (Ctrl-D), the shell ends, or the input does. Nothing of that stops
// the node. Of the environment, TERM, HOME and XDG_CACHE_HOME count. Throws NodeError.
void run_remote_shell(const Target& target, std::chrono::milliseconds timeout,
                      const sys::Environment& environment, ShellKind kind = ShellKind::Erlang);

}  // namespace relmk::node
