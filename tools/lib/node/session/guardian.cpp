#include "node/session/guardian.h"

#include <unistd.h>

#include <bit>
#include <chrono>
#include <string>
#include <utility>

#include "sys/random_bytes.h"

namespace relmk::node {
namespace {

// Another client may have taken the name of the filter just now.
constexpr int kMostTries = 100;

// Names are atoms, which a node keeps: so they are few.
std::string filter_name() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return "nodetool_" + std::to_string((now / 1000 + ::getpid()) % 1024);
}

std::string other_filter_name() {
  return "nodetool_" + std::to_string(std::bit_cast<uint32_t>(sys::random_bytes<4>()) % 4096);
}

// {Reference, error, {badmatch, {error, {already_exist, Name}}}, Stack}
bool is_taken_name(const Term& reason) {
  if (!reason.is_tuple(4) || !reason[2].is_tagged("badmatch", 2)) return false;
  const Term& unmatched = reason[2][1];
  return unmatched.is_tagged("error", 2) && unmatched[1].is_tagged("already_exist", 2);
}

}  // namespace

Guardian::Guardian(Rpc& rpc, GroupLeader& leader, Sinks sinks, Work work,
                   const WorkOptions& options)
    : rpc_(rpc),
      leader_(leader),
      sinks_(std::move(sinks)),
      work_(std::move(work)),
      options_(options),
      tag_(rpc.connection().new_reference()) {
  rpc_.on_message(tag_, [this](const Term& message) {
    if (message.is_tuple(2)) take(message[1]);
  });
  begin(filter_name());
}

void Guardian::begin(std::string_view filter) {
  // erl_eval:exprs/2 would have erl_lint look at the expressions first, which takes longer than
  // they do.
  const Term arguments =
      work_.guardian({rpc_.connection().self(), tag_, std::string(filter)}, options_);
  running_.emplace(rpc_, "erl_eval", "exprs", arguments, rpc_.deadline(), Rpc::Running::Link::Yes,
                   work_.atoms());
}

Guardian::~Guardian() {
  rpc_.on_message(Term(), nullptr);
}

void Guardian::take(const Term& message) {
  if (leader_.accept(message)) return;
  // {'DOWN', Monitor, process, Process, Reason}
  if (message.is_tagged("DOWN", 5)) {
    end_ = message[4];
    return;
  }
  const bool is_told = message.is_tuple(2) && message[0] == tag_;
  const Term& told = is_told ? message[1] : message;
  const bool is_text = is_told && told.is_tuple(2) && told[1].is_binary();
  if (is_text && told[0].is_atom("print")) {
    sinks_.print(told[1].bytes());
  } else if (is_text && told[0].is_atom("log")) {
    sinks_.log(told[1].bytes());
  } else if (is_told || told.is_tagged("shell", 2)) {
    answers_.push_back(told);
  }
}

std::optional<Term> Guardian::take_answer() {
  if (answers_.empty()) return std::nullopt;
  Term answer = std::move(answers_.front());
  answers_.pop_front();
  return answer;
}

bool Guardian::has_ended() {
  if (end_) return true;
  if (!running_->has_ended()) return false;
  if (!is_taken_name(running_->exit_reason()) || tries_ == kMostTries) return true;
  ++tries_;
  begin(other_filter_name());
  return false;
}

std::optional<Term> Guardian::next_answer() {
  rpc_.serve_until([&] { return !answers_.empty() || has_ended(); }, rpc_.deadline());
  return take_answer();
}

Term Guardian::result() {
  rpc_.serve_until([&] { return has_ended(); }, rpc_.deadline());
  if (!end_) return running_->result();  // the guardian itself was killed: throws
  if (end_->is_tuple(2) && (*end_)[0] == tag_) return (*end_)[1];
  if (end_->is_tuple(3) && (*end_)[0] == tag_ && (*end_)[1].is_atom("told")) return (*end_)[2];
  return Term::tuple({Term::atom("returned"), returned(rpc_.connection().node(), tag_, *end_)});
}

void Guardian::tell(const Term& process, Terms message) {
  message.insert(message.begin(), tag_);
  rpc_.send(process, Term::tuple(std::move(message)));
}

void Guardian::linger(std::chrono::milliseconds time) {
  const Deadline deadline = Deadline::after(time);
  while (!deadline.passed()) {
    if (!rpc_.serve(deadline)) return;
  }
}

}  // namespace relmk::node
