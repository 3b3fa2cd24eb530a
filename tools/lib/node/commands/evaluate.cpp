#include "node/commands/evaluate.h"

#include <cstdio>

#include "node/session/evaluator.h"
#include "node/session/standard_session.h"
#include "sys/output.h"

namespace relmk::node {
namespace {

// An evaluator at the standard streams.
struct Evaluation {
  Evaluation(const Target& target, std::chrono::milliseconds timeout, const WorkOptions& options)
      : session(target, timeout),
        evaluator(session.rpc(), session.group_leader(),
                  {[this](std::string_view text) { session.streams().write(session.rpc(), text); },
                   sys::write_to_stderr},
                  options) {}

  StandardSession session;
  Evaluator evaluator;
};

int told(const Evaluator::Outcome& outcome) {
  sys::write_to_stderr(outcome.failure);
  return outcome.code;
}

}  // namespace

int call_function(const Target& target, std::chrono::milliseconds timeout, const FunctionCall& call,
                  const WorkOptions& options) {
  return told(Evaluation(target, timeout, options).evaluator.call(call));
}

int evaluate_text(const Target& target, std::chrono::milliseconds timeout, const std::string& text,
                  const WorkOptions& options) {
  return told(Evaluation(target, timeout, options).evaluator.evaluate(text));
}

int evaluate_input(const Target& target, std::chrono::milliseconds timeout,
                   const WorkOptions& options) {
  Evaluation evaluation(target, timeout, options);
  int code = 0;
  const auto failed = [&](const std::string& failure) {
    sys::write_to_stderr(failure);
    code = 1;
  };
  // The node is served while a line is waited for.
  for (;;) {
    const Terminal::Line line =
        evaluation.session.streams().read_line(evaluation.session.rpc(), Terminal::ReadRequest{});
    evaluation.evaluator.take_line(line.text, line.end, failed);
    if (line.end) return code;
  }
}

}  // namespace relmk::node
