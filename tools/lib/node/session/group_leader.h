// A group leader for processes of a node: serves the Erlang I/O protocol (stdlib User's Guide, "The
// Erlang I/O Protocol"), so that what they print and read goes through a terminal of ours.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "node/console/terminal.h"
#include "node/session/rpc.h"
#include "term/character_data.h"
#include "term/term.h"

namespace relmk::node {

class GroupLeader {
 public:
  // `rpc` is used for what only the node can do: formatting and scanning.
  GroupLeader(Rpc& rpc, Terminal& terminal) : rpc_(rpc), terminal_(terminal) {}

  // Serves {io_request, From, ReplyAs, Request}; false for any other message. Output is served at
  // once; of input requests one after the other.
  bool accept(const Term& message);
  // Gets the tokens of each expression that a shell has read.
  void on_tokens(std::function<void(const Term&)> observer) { observer_ = std::move(observer); }
  // Is called at the end of input when a shell reads. The shell itself is never told: it would halt
  // its node.
  void on_end_of_shell(std::function<void()> leave) { leave_ = std::move(leave); }
  // The fun that a process has set to expand what is typed, if one has.
  const std::optional<Term>& expand_fun() const { return expand_fun_; }

 private:
  struct Request {
    Term from;
    Term reply_as;
    Term request;
  };
  struct Input {
    std::u32string text;
    bool end = false;
    bool left = false;
    bool interrupted = false;
  };
  void serve(const Request& request);
  void serve_inputs();
  // The value of a request; nullopt when it is not to be answered.
  std::optional<Term> answer(const Term& request);
  Term answer_all(const Term& requests);
  Term put_characters(const Terms& request);
  std::optional<std::string> text_of(const Term& characters, term::Encoding encoding);
  void write(const std::string& text);
  Term get_line(const Terms& request);
  Term get_characters(const Terms& request);
  std::optional<Term> get_until(const Term& prompt, const Terms& request, size_t module);
  std::optional<Term> get_expression(const Term& prompt, const Terms& request, size_t module);
  std::optional<Term> end_of_shell();
  void keep(const Term& rest);
  Term ask_reader(const Terms& request, size_t module, const Term& continuation, const Term& next);
  Term get_password();
  Term set_options(const Term& options);
  Term get_options() const;
  Term get_geometry(const Term& what) const;
  Input next_line(const Terminal::ReadRequest& request);
  std::string prompt_text(const Term& prompt);
  std::optional<Term> text_term(const std::u32string& text, const Terms& request) const;

  Rpc& rpc_;
  Terminal& terminal_;
  std::deque<Request> inputs_;
  bool reading_ = false;
  std::u32string rest_;  // read, but not consumed
  bool binary_ = false;
  bool echo_ = true;
  bool unicode_ = true;
  std::optional<Term> expand_fun_;
  std::function<void(const Term&)> observer_;
  std::function<void()> leave_;
};

}  // namespace relmk::node
