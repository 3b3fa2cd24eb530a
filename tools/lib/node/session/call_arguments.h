// The words after `rpc` and `rpcterms` on a command line.
#pragma once

#include <string>
#include <vector>

#include "term/term.h"

namespace relmk::node {

struct FunctionCall {
  std::string module;
  std::string function;
  Terms arguments;
};

// `Mod [Fun [Args]]`, in as many words as you like: Fun is `start` unless said, Args, a list of
// Erlang terms with or without a full stop, is []. As erl_call -a and relx's nodetool take them.
// Throws Error.
FunctionCall parse_rpc(const std::vector<std::string>& words);

// `Mod Fun [Terms]`: each argument is a term of its own, ended by a full stop.
FunctionCall parse_rpcterms(const std::vector<std::string>& words);

}  // namespace relmk::node
