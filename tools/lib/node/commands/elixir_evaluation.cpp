#include "node/commands/elixir_evaluation.h"

#include <cstdio>
#include <optional>
#include <string_view>

#include "node/distribution/node_error.h"
#include "node/session/standard_session.h"
#include "sys/output.h"

namespace relmk::node {
namespace {

// How an exit ends a program of Elixir's (Kernel.CLI): nullopt where it is told as an error.
std::optional<int> exit_code(const Term& reason) {
  if (reason.is_atom("normal") || reason.is_atom("shutdown")) return 0;
  if (!reason.is_tagged("shutdown", 2)) return std::nullopt;
  return reason[1].is_small_integer() ? static_cast<int>(reason[1].as_integer()) : 0;
}

}  // namespace

int elixir_exit_code(const Term& answer, const std::string& node) {
  if (answer.is_tagged("code", 3)) return 0;
  if (answer.is_tagged("elixir", 4) && answer[3].is_binary()) {
    if (answer[1].is_atom("exit")) {
      if (const auto code = exit_code(answer[2])) return *code;
    }
    std::fflush(stdout);
    sys::write_to_stderr(std::string(answer[3].bytes()) + "\n");
    return 1;
  }
  if (answer.is_tagged("raised", 4) && answer[1].is_atom()) {
    throw RemoteError(node, answer[1].atom_text(), answer[2], answer[3]);
  }
  throw NodeError(NodeError::Reason::Incompatible, node + " evaluates in an unknown way");
}

int evaluate_elixir(const Target& target, std::chrono::milliseconds timeout,
                    const std::string& text, const Deadline& deadline, const WorkOptions& options) {
  StandardSession session(target, timeout);
  Rpc& rpc = session.rpc();
  const auto print = [&](std::string_view printed) { session.streams().write(rpc, printed); };
  Guardian guardian(rpc, session.group_leader(), {print, sys::write_to_stderr},
                    Work::evaluate(on_node::elixir(), Term::binary(text)), options);
  rpc.serve_until([&] { return guardian.has_ended(); }, deadline);
  return elixir_exit_code(guardian.result(), rpc.connection().node());
}

}  // namespace relmk::node
