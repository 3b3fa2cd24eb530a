#include "node/session/evaluator.h"

#include <algorithm>
#include <utility>

#include "node/distribution/node_error.h"
#include "term/character_data.h"
#include "term/external.h"
#include "term/print.h"

namespace relmk::node {
namespace {

// A process that was started, and named as the result, may fail at once: so long its log events are
// waited for.
constexpr std::chrono::milliseconds kFirstSteps(50);

Position position_of(const Term& location) {
  if (location.is_small_integer()) return {static_cast<int>(location.as_integer()), 0};
  if (!location.is_tuple(2) || !location[0].is_small_integer() || !location[1].is_small_integer()) {
    return {};
  }
  return {static_cast<int>(location[0].as_integer()), static_cast<int>(location[1].as_integer())};
}

Term binding(const char* name, const Term& value) {
  return Term::tuple({Term::atom(name), value});
}

}  // namespace

Evaluator::Evaluator(Rpc& rpc, GroupLeader& leader, Guardian::Sinks sinks, WorkOptions options)
    : rpc_(rpc), leader_(leader), sinks_(std::move(sinks)), options_(options) {}

Guardian& Evaluator::begin(const Work& work) {
  guardian_.reset();
  guardian_ = std::make_unique<Guardian>(rpc_, leader_, sinks_, work, options_);
  return *guardian_;
}

Evaluator::Outcome Evaluator::call(const FunctionCall& call) {
  const Term answer = begin(Work::call(call.module, call.function, call.arguments)).result();
  if (answer.is_tagged("returned", 2) && answer[1].is_atom("rpc_ok")) return {};
  return last_outcome(answer);
}

Evaluator::Outcome Evaluator::evaluate(const std::string& text) {
  return last_outcome(begin(Work::evaluate(on_node::once(), Term::string(text))).result());
}

// As io_lib has it. What is nested more deeply than a term of ours goes back for its text.
std::string Evaluator::large_text(const Term& encoded, const Term& range) {
  try {
    const Term value = term::decode_external(encoded.bytes());
    return term::print_pretty(value, {.unicode = range == Term::atom("unicode")}) + "\n";
  } catch (const Error&) {
    const Terms bindings = {binding("Bytes", encoded), binding("Range", range)};
    const Term none = Term::atom("none");
    const Term printed =
        rpc_.call("erl_eval", "exprs", {on_node::print(), Term::list(bindings), none, none});
    if (printed.is_tagged("value", 3) && printed[1].is_binary()) return printed[1].bytes();
    throw;
  }
}

// The text of an atom or a small number. Which characters of an atom are printed only the node
// knows.
std::string Evaluator::small_text(const Term& value) {
  const std::string text = term::print_pretty(value, {}) + "\n";
  const std::string unicode = term::print_pretty(value, {.unicode = true}) + "\n";
  if (text == unicode) return text;
  const bool prints_all = rpc_.call("io", "printable_range", {}).is_atom("unicode");
  return prints_all ? unicode : text;
}

// Answers of on_node/told.exprs and on_node/evaluate.part.
Evaluator::Outcome Evaluator::outcome(const Term& answer) {
  const std::string& node = rpc_.connection().node();
  if (answer.is_tagged("returned", 2)) {
    sinks_.print(small_text(answer[1]));
    return {};
  }
  if (answer.is_tagged("printed", 3) && answer[1].is_binary()) {
    sinks_.print(answer[1].bytes());
    return {};
  }
  if (answer.is_tagged("large", 3) && answer[1].is_binary()) {
    sinks_.print(large_text(answer[1], answer[2]));
    return {};
  }
  if (answer.is_tagged("code", 3) && answer[1].is_small_integer() && answer[2].is_binary()) {
    return {static_cast<int>(answer[1].as_integer()), answer[2].bytes()};
  }
  if (answer.is_tagged("failed", 3)) {
    const std::string what = term::chardata_utf8(answer[2]).value_or("");
    return {1, Error("expression", position_of(answer[1]), what).text() + "\n"};
  }
  if (answer.is_tagged("raised", 2) && answer[1].is_binary()) {
    return {1, "** " + answer[1].bytes() + "\n"};
  }
  if (answer.is_tagged("value", 2) && answer[1].is_tagged("badrpc", 2)) {
    throw RemoteError(node, answer[1][1]);
  }
  if (answer.is_tagged("raised", 4) && answer[1].is_atom()) {
    throw RemoteError(node, answer[1].atom_text(), answer[2], answer[3]);
  }
  throw NodeError(NodeError::Reason::Incompatible, node + " evaluates in an unknown way");
}

// A process that is the result goes on without us, and prints where the node does then.
Evaluator::Outcome Evaluator::last_outcome(const Term& answer) {
  Outcome result = outcome(answer);
  const bool is_process = answer.is_tagged("printed", 3) && answer[2].kind() == term::TermKind::Pid;
  if (is_process && !options_.keep_output) release(answer[2]);
  return result;
}

void Evaluator::release(const Term& process) {
  guardian_->linger(kFirstSteps);
  const Term user = rpc_.call("erlang", "whereis", {Term::atom("user")});
  try {
    rpc_.call("erlang", "group_leader", {user, process});
  } catch (const RemoteError&) {
    // It is of another node, or there is no `user`.
  }
}

// Text for the session, which begins with the first.
void Evaluator::send_unread(bool end) {
  if (!guardian_) {
    if (unread_.empty()) return;
    begin(Work::evaluate(on_node::session()));
    asking_.reset();
  }
  if (!asking_) return;
  if (!unread_.empty()) {
    guardian_->tell(*asking_, {Term::string(unread_), Term(lines_ + 1)});
    lines_ += std::count(unread_.begin(), unread_.end(), '\n');
    unread_.clear();
  } else if (end) {
    guardian_->tell(*asking_, {Term::atom("eof")});
  }
  asking_.reset();
}

// Hands out the answers to what was sent, until more is wanted. False when the session has ended.
bool Evaluator::take_answers(const std::function<void(const std::string&)>& failed) {
  while (const std::optional<Term> answer = guardian_->next_answer()) {
    if (answer->is_tagged("more", 2)) {
      asking_ = (*answer)[1];
      return true;
    }
    try {
      const Outcome result = outcome(*answer);
      if (!result.failure.empty()) failed(result.failure);
    } catch (const RemoteError& error) {
      failed(error.text() + "\n");
    }
  }
  try {
    guardian_->result();
  } catch (const RemoteError& error) {
    failed(
        Error(error.message()).with_hint("the session begins anew, without its variables").text() +
        "\n");
  }
  guardian_.reset();
  asking_.reset();
  return false;
}

void Evaluator::take_line(const std::string& line, bool end,
                          const std::function<void(const std::string&)>& failed) {
  unread_ += line;
  if (!end && line.find('.') == std::string::npos) return;
  while (!unread_.empty() || (end && guardian_)) {
    // It may have ended while there was nothing to do, by a signal from another process.
    if (guardian_ && guardian_->has_ended()) take_answers(failed);
    send_unread(end);
    if (!guardian_ || (!take_answers(failed) && end && unread_.empty())) return;
  }
}

}  // namespace relmk::node
