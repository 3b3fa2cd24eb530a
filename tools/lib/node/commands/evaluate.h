// The commands that run something on a node: calls of functions, and expressions.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "node/session/call_arguments.h"
#include "node/session/guardian.h"
#include "node/session/target.h"

namespace relmk::node {

// What is printed there comes to standard output (and reads standard input), log events to standard
// error. Each returns the exit code; failures that the node tells go to standard error. They throw
// NodeError where the node cannot be joined or does not answer within `timeout`, and the first one
// RemoteError.

// Calls a function, and prints what it returns. The exit code is 0, or that of relx's
// {rpc_error, Code}.
int call_function(const Target& target, std::chrono::milliseconds timeout, const FunctionCall& call,
                  const WorkOptions& options);

// Evaluates expressions, and prints the value of the last one.
int evaluate_text(const Target& target, std::chrono::milliseconds timeout, const std::string& text,
                  const WorkOptions& options);

// Evaluates the expressions on standard input, each as soon as its full stop has come, in one
// process of the node, and prints each value. The exit code is 1 where one of them failed.
int evaluate_input(const Target& target, std::chrono::milliseconds timeout,
                   const WorkOptions& options);

}  // namespace relmk::node
