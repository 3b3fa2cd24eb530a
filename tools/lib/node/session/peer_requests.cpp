#include "node/session/peer_requests.h"

namespace relmk::node {
namespace {

Term code(Operation operation) {
  return Term(static_cast<int>(operation));
}

constexpr int kMonitored = 2;  // a flag of SPAWN_REPLY

}  // namespace

bool PeerRequests::accept(const Signal& signal) {
  const Terms& control = signal.control.elements();
  if (signal.is(Operation::SpawnRequest) && control.size() == 6) {
    spawn(control, signal.payload);
    return true;
  }
  if (signal.is(Operation::MonitorP) && control.size() == 4) {
    if (control[2] == rpc_.connection().self()) return true;
    rpc_.signal(Term::tuple(
        {code(Operation::MonitorPExit), control[2], control[1], control[3], Term::atom("noproc")}));
    return true;
  }
  if (signal.is(Operation::UnlinkId) && control.size() == 4) {
    rpc_.signal(Term::tuple(
        {code(Operation::UnlinkIdAck), control[1], rpc_.connection().self(), control[2]}));
    return true;
  }
  return signal.is(Operation::DemonitorP) || signal.is(Operation::Link) ||
         signal.is(Operation::Exit) || signal.is(Operation::PayloadExit);
}

// {SPAWN_REQUEST, Reference, From, GroupLeader, {Module, Function, Arity}, Options}. Of functions
// only erpc:execute_call(Reference, Module, Function, []) is known: it ends with
// exit({Reference, return, Value}).
void PeerRequests::spawn(const Terms& request, const std::optional<Term>& arguments) {
  const Term& reference = request[1];
  const Term& from = request[2];
  const bool is_call = request[4].is_tuple(3) && request[4][0].is_atom("erpc") &&
                       request[4][1].is_atom("execute_call") && request[4][2] == Term(4) &&
                       arguments && arguments->is_proper_list() &&
                       arguments->elements().size() == 4 && (*arguments)[1].is_atom() &&
                       (*arguments)[2].is_atom() && (*arguments)[3].is_nil();
  std::optional<Term> value;
  if (is_call && function_) {
    value = function_((*arguments)[1].atom_text(), (*arguments)[2].atom_text());
  }
  const auto reply = [&](int flags, const Term& result) {
    rpc_.signal(Term::tuple({code(Operation::SpawnReply), reference, from, Term(flags), result}));
  };
  if (!value) {
    reply(0, Term::atom("notsup"));
    return;
  }
  const Term& self = rpc_.connection().self();
  reply(kMonitored, self);
  rpc_.signal(Term::tuple({code(Operation::PayloadMonitorPExit), self, from, reference}),
              Term::tuple({(*arguments)[0], Term::atom("return"), *value}));
}

}  // namespace relmk::node
