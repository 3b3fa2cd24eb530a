#include "node/session/rpc.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "node/distribution/node_error.h"
#include "term/external_fun.h"
#include "term/print.h"

namespace relmk::node {
namespace {

constexpr std::chrono::milliseconds kWatchPause(100);
// A node gives a connection up after a net_ticktime of whole seconds: this is less than any.
constexpr int kTickPause = 500;  // milliseconds

Deadline sooner(const Deadline& deadline, std::chrono::milliseconds pause) {
  const int left = deadline.poll_timeout();
  return left >= 0 && left < pause.count() ? deadline : Deadline::after(pause);
}

// Adds the time for which this object lives to `time`. A wait within this one counts once: it is
// part of this one.
class TimedWait {
 public:
  explicit TimedWait(Deadline::Clock::duration& time) : time_(time), before_(time) {}
  ~TimedWait() { time_ = before_ + (Deadline::Clock::now() - began_); }
  TimedWait(const TimedWait&) = delete;
  TimedWait& operator=(const TimedWait&) = delete;

 private:
  Deadline::Clock::duration& time_;
  const Deadline::Clock::duration before_;
  const Deadline::Clock::time_point began_ = Deadline::Clock::now();
};

Term operation(Operation code) {
  return Term(static_cast<int>(code));
}

// One line, as ~0p prints it.
std::string one_line(const Term& term) {
  term::PrintOptions options;
  options.unicode = true;
  options.width = std::numeric_limits<int>::max() / 2;
  return term::print_pretty(term, options);
}

Term exit_term(const Term& reason) {
  return Term::tuple({Term::atom("EXIT"), reason});
}

}  // namespace

RemoteError::RemoteError(const std::string& node, Term reason)
    : Error("RPC to " + node + " failed: " + one_line(reason)), reason_(std::move(reason)) {}

RemoteError::RemoteError(const std::string& node, std::string_view kind, const Term& reason,
                         const Term& stack)
    : RemoteError(node, kind == "throw"  ? Term::tuple({Term::atom("nocatch"), reason})
                        : kind == "exit" ? exit_term(reason)
                                         : exit_term(Term::tuple({reason, stack}))) {}

Rpc::Rpc(Connection& connection, std::chrono::milliseconds timeout)
    : connection_(connection), timeout_(timeout), group_leader_(connection.self()) {}

Term Rpc::call(std::string_view module, std::string_view function, Terms arguments) {
  return call(module, function, std::move(arguments), deadline());
}

Term Rpc::call(std::string_view module, std::string_view function, Terms arguments,
               const Deadline& deadline) {
  const Running call(*this, module, function, Term::list(std::move(arguments)), deadline);
  serve_until([&] { return call.has_ended(); }, deadline);
  return call.result();
}

// lists:zipwith3(fun erlang:apply/3, Modules, Functions, Arguments), which every node has loaded.
Terms Rpc::call_all(const std::vector<Call>& calls) {
  Terms modules, functions, arguments;
  for (const Call& call : calls) {
    modules.push_back(Term::atom(call.module));
    functions.push_back(Term::atom(call.function));
    arguments.push_back(Term::list(call.arguments));
  }
  const Term apply = term::ExternalFun::term(Atom("erlang"), Atom("apply"), 3);
  const Term results = call("lists", "zipwith3",
                            {apply, Term::list(std::move(modules)),
                             Term::list(std::move(functions)), Term::list(std::move(arguments))});
  return results.elements();
}

// erpc:execute_call/4 ends with exit({Reference, return, Value}), or with the exception.
Rpc::Running::Running(Rpc& rpc, std::string_view module, std::string_view function,
                      const Term& arguments, const Deadline& deadline, Link link,
                      const NamedAtoms& atoms)
    : rpc_(rpc), reference_(rpc.connection_.new_reference()) {
  const Term run = Term::tuple({Term::atom("erpc"), Term::atom("execute_call"), Term(4)});
  Terms options = {Term::atom("monitor")};
  if (link == Link::Yes) options.push_back(Term::atom("link"));
  const Term request =
      Term::tuple({operation(Operation::SpawnRequest), reference_, rpc.connection_.self(),
                   rpc.group_leader_, run, Term::list(std::move(options))});
  const Term start = Term::list({reference_, Term::atom(module), Term::atom(function), arguments});
  rpc.connection_.channel().send(request, start, deadline, atoms);
  rpc.calls_.push_back(this);
}

Rpc::Running::~Running() {
  rpc_.calls_.erase(std::find(rpc_.calls_.begin(), rpc_.calls_.end(), this));
}

Term Rpc::Running::result() const {
  return returned(rpc_.connection_.node(), reference_, *exit_reason_);
}

Term returned(const std::string& node, const Term& reference, const Term& reason) {
  if (!reason.is_tuple() || reason.elements().size() < 3 || reason[0] != reference ||
      !reason[1].is_atom()) {
    throw RemoteError(node, exit_term(reason));  // killed from outside
  }
  if (reason[1].is_atom("return")) return reason[2];
  if (reason.elements().size() < 4) {
    throw RemoteError(node, reason[1].is_atom("throw") ? "throw" : "exit", reason[2], {});
  }
  throw RemoteError(node, reason[1].atom_text(), reason[2], reason[3]);
}

void Rpc::on_message(Term tag, std::function<void(const Term&)> receiver) {
  tag_ = std::move(tag);
  tag_receiver_ = std::move(receiver);
}

bool Rpc::serve(const Deadline& deadline) {
  const std::optional<Signal> signal = connection_.channel().receive(deadline);
  if (!signal) return false;
  if (!dispatch(*signal) && receiver_) receiver_(*signal);
  return true;
}

void Rpc::serve_until(const std::function<bool()>& done, const Deadline& deadline) {
  const auto before = waited_for_us_;
  std::optional<LastLook> look;
  while (!done()) {
    const Deadline end = deadline.later(waited_for_us_ - before);
    if (serve(watcher_ ? sooner(end, kWatchPause) : end)) {
      if (!end.passed())
        look.reset();
      else if (!look)
        look.emplace(end);
      if (!look || !look->is_over() || done()) continue;
      throw timeout_error(connection_.node(), deadline);
    }
    if (!watcher_ || end.passed()) throw timeout_error(connection_.node(), deadline);
    watcher_();
  }
}

void Rpc::serve_until_readable(int descriptor) {
  const TimedWait wait(waited_for_us_);
  for (;;) {
    pollfd wanted[] = {{descriptor, POLLIN, 0}, {connection_.channel().descriptor(), POLLIN, 0}};
    const bool pending = connection_.channel().has_pending();
    if (::poll(wanted, 2, pending ? 0 : -1) < 0) return;
    if (pending || wanted[1].revents != 0) serve(Deadline::after(std::chrono::milliseconds(0)));
    if (wanted[0].revents != 0) return;
  }
}

void Rpc::wait_until_writable(int descriptor) {
  pollfd wanted{descriptor, POLLOUT, 0};
  if (::poll(&wanted, 1, 0) > 0) return;
  const TimedWait wait(waited_for_us_);
  for (;;) {
    const int ready = ::poll(&wanted, 1, kTickPause);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return;
    if (ready == 0) connection_.channel().tick(deadline());
  }
}

// True when the signal is of one of our calls, or a message that is waited for.
bool Rpc::dispatch(const Signal& signal) {
  const Terms& control = signal.control.elements();
  if (signal.is(Operation::SpawnReply) && control.size() >= 5) {
    for (Running* call : calls_) {
      if (control[1] != call->reference_) continue;
      if (control[4].kind() != term::TermKind::Pid) call->exit_reason_ = control[4];
    }
    return true;
  }
  const bool with_payload = signal.is(Operation::PayloadMonitorPExit);
  if ((with_payload && control.size() >= 4) ||
      (signal.is(Operation::MonitorPExit) && control.size() >= 5)) {
    for (Running* call : calls_) {
      if (control[3] != call->reference_) continue;
      call->exit_reason_ = with_payload ? signal.payload : control[4];
      return true;
    }
    return false;
  }
  const std::optional<Term>& message = signal.payload;
  if (!tag_ || !tag_receiver_ || !message || !message->is_tuple() || message->elements().empty() ||
      (*message)[0] != *tag_) {
    return false;
  }
  tag_receiver_(*message);
  return true;
}

void Rpc::send(const Term& to, const Term& message) {
  signal(Term::tuple({operation(Operation::SendSender), connection_.self(), to}), message);
}

void Rpc::exit(const Term& process, const Term& reason) {
  signal(Term::tuple({operation(Operation::PayloadExit2), connection_.self(), process}), reason);
}

}  // namespace relmk::node
