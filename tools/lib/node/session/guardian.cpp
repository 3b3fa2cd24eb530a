#include "node/session/guardian.h"

#include <algorithm>
#include <utility>

#include "term/external.h"

namespace relmk::node {
namespace {

#include "node/session/on_node/encoded.inc"

template <size_t size>
std::string_view bytes(const unsigned char (&encoded)[size]) {
  return {reinterpret_cast<const char*>(encoded), size};
}

Term bound_to(const char* name, const Term& value) {
  return Term::tuple({Term::atom(name), value});
}

// erl_eval wants bindings in the order of their names.
Term bound(Terms bindings) {
  std::sort(bindings.begin(), bindings.end(),
            [](const Term& a, const Term& b) { return Term::compare(a, b) < 0; });
  return Term::list(std::move(bindings));
}

}  // namespace

namespace on_node {
Term call() {
  return term::encoded_term(bytes(kCall));
}
Term elixir() {
  return term::encoded_term(bytes(kElixir));
}
Term evaluate() {
  return term::encoded_term(bytes(kEvaluate));
}
Term once() {
  return term::encoded_term(bytes(kOnce));
}
Term print() {
  return term::encoded_term(bytes(kPrint));
}
Term session() {
  return term::encoded_term(bytes(kSession));
}
}  // namespace on_node

Guardian::Guardian(Rpc& rpc, GroupLeader& leader, Sinks sinks, const Term& work, Terms bindings,
                   const WorkOptions& options)
    : rpc_(rpc), leader_(leader), sinks_(std::move(sinks)), tag_(rpc.connection().new_reference()) {
  rpc_.on_message(tag_, [this](const Term& message) {
    if (message.is_tuple(2)) take(message[1]);
  });
  bindings.push_back(bound_to("Tag", tag_));
  // erl_eval:exprs/2 would have erl_lint look at the expressions first, which takes longer than
  // they do.
  const Term none = Term::atom("none");
  running_.emplace(
      rpc_, "erl_eval", "exprs",
      Terms{term::encoded_term(bytes(kGuardian)),
            bound({bound_to("Client", rpc_.connection().self()), bound_to("Tag", tag_),
                   bound_to("Work", work), bound_to("With", bound(std::move(bindings))),
                   bound_to("Rare", Term::binary(std::string(bytes(kRare)))),
                   bound_to("Own", Term::boolean(options.keep_output)),
                   bound_to("Keep", Term::boolean(options.keep_running))}),
            none, none},
      rpc_.deadline(), Rpc::Running::Link::Yes);
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

bool Guardian::has_ended() const {
  return end_.has_value() || running_->has_ended();
}

std::optional<Term> Guardian::next_answer() {
  rpc_.serve_until([&] { return !answers_.empty() || has_ended(); }, rpc_.deadline());
  return take_answer();
}

Term Guardian::result() {
  rpc_.serve_until([&] { return has_ended(); }, rpc_.deadline());
  if (!end_) return running_->result();  // the guardian itself was killed: throws
  if (end_->is_tuple(2) && (*end_)[0] == tag_) return (*end_)[1];
  throw RemoteError(rpc_.connection().node(), Term::tuple({Term::atom("EXIT"), *end_}));
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
