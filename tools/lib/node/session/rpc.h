// Calls of functions on a node, as erpc:call makes them, with what they print and read served here.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/distribution/connection.h"

namespace relmk::node {

// What ended a call other than by returning.
class RemoteError : public Error {
 public:
  // `reason` is that of rpc:call's {badrpc, Reason}.
  RemoteError(const std::string& node, Term reason);
  // Of an exception: `kind` is error, exit or throw.
  RemoteError(const std::string& node, std::string_view kind, const Term& reason,
              const Term& stack);
  const Term& reason() const { return reason_; }

 private:
  Term reason_;
};

// What a function has returned to erpc:execute_call/4, with which a process has ended: `reason` is
// {Reference, return, Value}, or tells an exception. Throws RemoteError.
Term returned(const std::string& node, const Term& reference, const Term& reason);

class Rpc {
 public:
  // `timeout` holds for each single call, and for joining.
  Rpc(Connection& connection, std::chrono::milliseconds timeout);

  // Runs apply(Module, Function, Arguments) in a new process of the node. Throws RemoteError for an
  // exception, NodeError when there is no answer.
  Term call(std::string_view module, std::string_view function, Terms arguments);
  Term call(std::string_view module, std::string_view function, Terms arguments,
            const Deadline& deadline);

  struct Call {
    std::string_view module;
    std::string_view function;
    Terms arguments;
  };
  // Makes all calls in one process of the node, one after the other: one question, one answer. The
  // results are in the order of the calls. An exception of one is that of all.
  Terms call_all(const std::vector<Call>& calls);

  // A function that runs in a process of the node. It goes on when this is destroyed, but how it
  // ends is of no more interest then.
  class Running {
   public:
    // Linked: what takes no exit signals ends when this connection does. `atoms` are those of the
    // arguments: see Channel::send().
    enum class Link { No, Yes };
    Running(Rpc& rpc, std::string_view module, std::string_view function, const Term& arguments,
            const Deadline& deadline, Link link = Link::No, const NamedAtoms& atoms = {});
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    bool has_ended() const { return exit_reason_.has_value(); }
    // Of one that has ended: see returned().
    const Term& exit_reason() const { return *exit_reason_; }
    // Of one that has ended: what the function returned. Throws RemoteError.
    Term result() const;

   private:
    friend class Rpc;
    Rpc& rpc_;
    Term reference_;
    std::optional<Term> exit_reason_;
  };

  // The group leader of each later call's process, who gets what it prints: we are, unless said.
  void set_group_leader(Term process) { group_leader_ = std::move(process); }

  // Sends a message to a process, or an exit signal.
  void send(const Term& to, const Term& message);
  void exit(const Term& process, const Term& reason);
  // Sends a control message, with what goes with it.
  void signal(const Term& control) { connection_.channel().send(control, deadline()); }
  void signal(const Term& control, const Term& payload) {
    connection_.channel().send(control, payload, deadline());
  }

  // Is called ten times a second while a call is waited for, and ends it with what it throws.
  void on_wait(std::function<void()> watcher) { watcher_ = std::move(watcher); }
  // Gets every message {Tag, …} to us.
  void on_message(Term tag, std::function<void(const Term&)> receiver);
  // Gets every other message and every signal that no call waits for.
  void on_signal(std::function<void(const Signal&)> receiver) { receiver_ = std::move(receiver); }
  // Takes in what has come, and waits for it until the deadline. False when nothing came.
  bool serve(const Deadline& deadline);
  // Serves until `done`; for a call or the like whose answer has until the deadline. Time in which
  // the node waits for us, to read or to write, does not count. Throws NodeError (Timeout).
  void serve_until(const std::function<bool()>& done, const Deadline& deadline);
  // Serves until the descriptor can be read, too (or a signal of the system comes).
  void serve_until_readable(int descriptor);
  // Waits until the descriptor can be written; a node that prints more waits with us, and stays
  // connected.
  void wait_until_writable(int descriptor);

  Connection& connection() { return connection_; }
  Deadline deadline() const { return Deadline::after(timeout_); }

 private:
  bool dispatch(const Signal& signal);

  Connection& connection_;
  std::chrono::milliseconds timeout_;
  Term group_leader_;
  std::function<void(const Signal&)> receiver_;
  std::function<void()> watcher_;
  std::optional<Term> tag_;
  std::function<void(const Term&)> tag_receiver_;
  std::vector<Running*> calls_;  // the innermost last
  Deadline::Clock::duration waited_for_us_{0};
};

}  // namespace relmk::node
