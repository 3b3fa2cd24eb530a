#include "node/commands/elixir_evaluation.h"

#include <fmt/format.h>

#include "sys/output.h"
#include "term/character_data.h"

namespace relmk::node {
namespace {

// How an exit ends a program of Elixir's (Kernel.CLI): nullopt where it is told as an error.
std::optional<int> exit_code(const Term& reason) {
  if (reason.is_atom("normal") || reason.is_atom("shutdown")) return 0;
  if (!reason.is_tagged("shutdown", 2)) return std::nullopt;
  return reason[1].is_small_integer() ? static_cast<int>(reason[1].as_integer()) : 0;
}

}  // namespace

// Kernel.CLI.rpc_eval/1 returns :ok, or {Kind, Reason, Stack} of what was raised.
int evaluate_elixir(Rpc& rpc, const std::string& text, const Deadline& deadline) {
  const Term result = rpc.call("Elixir.Kernel.CLI", "rpc_eval", {Term::binary(text)}, deadline);
  if (!result.is_tuple(3)) return 0;
  if (result[0].is_atom("exit")) {
    if (const auto code = exit_code(result[1])) return *code;
  }
  const Term told = rpc.call("Elixir.Exception", "format", result.elements());
  std::fflush(stdout);
  sys::say(term::chardata_utf8(told).value_or("the expression raised"));
  return 1;
}

}  // namespace relmk::node
