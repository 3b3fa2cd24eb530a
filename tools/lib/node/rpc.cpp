#include "node/rpc.h"

#include <poll.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "node/node_error.h"
#include "term/print.h"

namespace relmk {
namespace {

Term operation(Operation code) {
  return Term(static_cast<int>(code));
}

// One line, as ~0p prints it.
std::string one_line(const Term& term) {
  PrintOptions options;
  options.unicode = true;
  options.width = std::numeric_limits<int>::max() / 2;
  return print_pretty(term, options);
}

}  // namespace

RemoteError::RemoteError(const std::string& node, Term reason)
    : Error("RPC to " + node + " failed: " + one_line(reason)), reason_(std::move(reason)) {}

Rpc::Rpc(Connection& connection, std::chrono::milliseconds timeout)
    : connection_(connection), timeout_(timeout), group_leader_(connection.self()) {}

std::optional<Term> Rpc::process() const {
  return calls_.empty() ? std::nullopt : calls_.back()->process;
}

Term Rpc::call(std::string_view module, std::string_view function, Terms arguments) {
  return call(module, function, std::move(arguments), deadline());
}

// erpc:execute_call/4 ends with exit({Reference, return, Value}), or with the exception.
Term Rpc::call(std::string_view module, std::string_view function, Terms arguments,
               const Deadline& deadline) {
  Call call{connection_.new_reference(), {}, {}};
  const Term& self = connection_.self();
  const Term run = Term::tuple({Term::atom("erpc"), Term::atom("execute_call"), Term(4)});
  const Term request = Term::tuple({operation(Operation::SpawnRequest), call.reference, self,
                                    group_leader_, run, Term::list({Term::atom("monitor")})});
  const Term start = Term::list(
      {call.reference, Term::atom(module), Term::atom(function), Term::list(std::move(arguments))});
  struct Registered {
    std::vector<Call*>& calls;
    Call* call;
    ~Registered() { calls.erase(std::find(calls.begin(), calls.end(), call)); }
  };
  calls_.push_back(&call);
  const Registered registered{calls_, &call};
  connection_.channel().send(request, start, deadline);
  while (!call.exit_reason) {
    if (!serve(deadline)) throw timeout_error(connection_.node(), deadline);
  }
  return result(call);
}

Term Rpc::result(const Call& call) const {
  const Term& reason = *call.exit_reason;
  const auto exit_term = [](const Term& why) { return Term::tuple({Term::atom("EXIT"), why}); };
  if (!reason.is_tuple() || reason.elements().size() < 3 || reason[0] != call.reference) {
    throw RemoteError(connection_.node(), exit_term(reason));  // killed from outside
  }
  const std::string& how = reason[1].atom_text();
  if (how == "return") return reason[2];
  if (how == "throw") {
    throw RemoteError(connection_.node(), Term::tuple({Term::atom("nocatch"), reason[2]}));
  }
  if (how == "exit" || reason.elements().size() < 4) {
    throw RemoteError(connection_.node(), exit_term(reason[2]));
  }
  throw RemoteError(connection_.node(), exit_term(Term::tuple({reason[2], reason[3]})));
}

bool Rpc::serve(const Deadline& deadline) {
  const std::optional<Signal> signal = connection_.channel().receive(deadline);
  if (!signal) return false;
  if (!dispatch(*signal) && receiver_) receiver_(*signal);
  return true;
}

void Rpc::serve_until_readable(int descriptor) {
  for (;;) {
    pollfd wanted[] = {{descriptor, POLLIN, 0}, {connection_.channel().descriptor(), POLLIN, 0}};
    const bool pending = connection_.channel().has_pending();
    if (::poll(wanted, 2, pending ? 0 : -1) < 0) return;
    if (pending || wanted[1].revents != 0) serve(Deadline::after(std::chrono::milliseconds(0)));
    if (wanted[0].revents != 0) return;
  }
}

// True when the signal is of one of our calls.
bool Rpc::dispatch(const Signal& signal) {
  const Terms& control = signal.control.elements();
  if (signal.is(Operation::SpawnReply) && control.size() >= 5) {
    for (Call* call : calls_) {
      if (control[1] != call->reference) continue;
      if (control[4].kind() == TermKind::Pid) {
        call->process = control[4];
      } else {
        call->exit_reason = control[4];
      }
    }
    return true;
  }
  const bool with_payload = signal.is(Operation::PayloadMonitorPExit);
  if ((with_payload || signal.is(Operation::MonitorPExit)) && control.size() >= 4) {
    for (Call* call : calls_) {
      if (control[3] != call->reference) continue;
      call->exit_reason = with_payload ? signal.payload : control[4];
      return true;
    }
    return false;
  }
  return false;
}

void Rpc::send(const Term& to, const Term& message) {
  signal(Term::tuple({operation(Operation::SendSender), connection_.self(), to}), message);
}

void Rpc::exit(const Term& process, const Term& reason) {
  signal(Term::tuple({operation(Operation::PayloadExit2), connection_.self(), process}), reason);
}

void Rpc::link(const Term& process) {
  signal(Term::tuple({operation(Operation::Link), connection_.self(), process}));
}

}  // namespace relmk
