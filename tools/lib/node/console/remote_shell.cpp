#include "node/console/remote_shell.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "node/console/history_file.h"
#include "node/console/line_editor.h"
#include "node/console/shell_completer.h"
#include "node/distribution/node_error.h"
#include "node/session/group_leader.h"
#include "node/session/guardian.h"
#include "node/session/join.h"
#include "node/session/peer_requests.h"
#include "node/session/standard_streams.h"

namespace relmk::node {
namespace {

// The signals of a terminal, as something to poll().
class TerminalSignals {
 public:
  TerminalSignals() {
    sigemptyset(&signals_);
    for (const int number : {SIGINT, SIGWINCH, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP}) {
      sigaddset(&signals_, number);
    }
    sigprocmask(SIG_BLOCK, &signals_, &before_);
    descriptor_ = signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~TerminalSignals() {
    ::close(descriptor_);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  TerminalSignals(const TerminalSignals&) = delete;
  TerminalSignals& operator=(const TerminalSignals&) = delete;

  int descriptor() const { return descriptor_; }
  // The number of one that has come; 0 when none has.
  int take() const {
    signalfd_siginfo info{};
    return ::read(descriptor_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo)
                                                                  : 0;
  }

 private:
  sigset_t signals_{};
  sigset_t before_{};
  int descriptor_ = -1;
};

// xterm's mode 2004, as long as it lives.
class BracketedPaste {
 public:
  explicit BracketedPaste(bool is_dumb) : is_dumb_(is_dumb) { show("\x1b[?2004h"); }
  ~BracketedPaste() { show("\x1b[?2004l"); }
  BracketedPaste(const BracketedPaste&) = delete;
  BracketedPaste& operator=(const BracketedPaste&) = delete;

 private:
  void show(const char* sequence) const {
    if (is_dumb_) return;
    std::fputs(sequence, stdout);
    std::fflush(stdout);
  }

  bool is_dumb_;
};

// xterm, screen and the console of Linux leave lines as they are when they are resized. tmux, in
// whichever it runs, does not.
LineDisplay::Terminal terminal_kind(const sys::Environment& environment) {
  const auto has = [&](const char* name) { return !sys::variable(environment, name).empty(); };
  const std::string& kind = sys::variable(environment, "TERM");
  const bool leaves_lines = kind == "linux" || has("XTERM_VERSION") || has("STY");
  return {kind.empty() || kind == "dumb", has("TMUX") || !leaves_lines};
}

// A shell of the node, Erlang's or IEx.
class Shell {
 public:
  Shell(Rpc& rpc, Terminal& terminal, ShellKind kind)
      : rpc_(rpc),
        terminal_(terminal),
        kind_(kind),
        group_leader_(rpc, terminal),
        peer_requests_(rpc) {
    // From OTP 26 on, completion asks the group leader's node for the shell.
    peer_requests_.on_call([this](std::string_view module, std::string_view function) {
      const bool known = module == "group" && function == "whereis_shell";
      return known ? std::optional(process_) : std::nullopt;
    });
    group_leader_.on_end_of_shell([this] { left_ = true; });
    rpc_.on_signal([this](const Signal& signal) { take(signal); });
  }

  void start() {
    const auto write = [this](std::string_view text) { terminal_.write(rpc_, text); };
    const std::string_view shell = kind_ == ShellKind::Elixir ? "iex" : "shell";
    guardian_.emplace(rpc_, group_leader_, Guardian::Sinks{write, write}, Work::shell(shell),
                      WorkOptions{});
    const std::optional<Term> started = guardian_->next_answer();
    if (!started || !started->is_tagged("shell", 2)) {
      throw NodeError(NodeError::Reason::Incompatible,
                      rpc_.connection().node() + " starts no shell");
    }
    process_ = (*started)[1];
  }
  void interrupt() { rpc_.exit(process_, Term::atom("interrupt")); }
  const Term& process() const { return process_; }
  GroupLeader& group_leader() { return group_leader_; }
  bool ended() { return left_ || (guardian_ && guardian_->has_ended()); }
  void end() { left_ = true; }

 private:
  void take(const Signal& signal) {
    if (peer_requests_.accept(signal)) return;
    const bool message = signal.is(Operation::Send) || signal.is(Operation::SendSender);
    if (message && signal.payload) group_leader_.accept(*signal.payload);
  }

  Rpc& rpc_;
  Terminal& terminal_;
  ShellKind kind_;
  GroupLeader group_leader_;
  PeerRequests peer_requests_;
  std::optional<Guardian> guardian_;
  Term process_;
  bool left_ = false;
};

// Whether a node that was asked to interrupt something is still there. A shell that is busy does
// not answer, but its node does.
class Liveness {
 public:
  explicit Liveness(Rpc& rpc) : rpc_(rpc) {}

  // Asks, unless that is under way.
  void ask() {
    if (asked_) return;
    deadline_ = Deadline::after(kPatience);
    asked_.emplace(rpc_, "erlang", "node", Term(), deadline_);
  }
  bool is_asking() const { return asked_.has_value(); }
  // Throws NodeError (Timeout) when the answer has not come in time.
  void check() {
    if (!asked_) return;
    if (asked_->has_ended()) {
      asked_.reset();
    } else if (deadline_.passed()) {
      throw timeout_error(rpc_.connection().node(), deadline_);
    }
  }

 private:
  static constexpr std::chrono::milliseconds kPatience{5000};
  Rpc& rpc_;
  Deadline deadline_ = Deadline::never();
  std::optional<Rpc::Running> asked_;
};

// Ends what the console waits for when a signal has ended the console.
struct Ended {};

class Console : public Terminal {
 public:
  Console(Rpc& rpc, const std::string& cookie, const sys::Environment& environment, ShellKind kind)
      : rpc_(rpc),
        liveness_(rpc),
        paste_(terminal_kind(environment).is_dumb),
        history_(HistoryFile::default_file(environment), cookie),
        input_([this](int milliseconds) { return wait(true, milliseconds); }),
        editor_(input_, terminal_kind(environment)),
        kind_(kind),
        shell_(rpc, *this, kind) {
    for (const std::string& entry : history_.entries())
      editor_.add_history(entry);
    rpc_.on_wait([this] {
      heed_signals();
      if (interrupted_) liveness_.ask();
      liveness_.check();
      if (shell_.ended()) throw Ended();
    });
  }
  ~Console() override { rpc_.on_wait(nullptr); }

  // Returns the signal that has ended it, 0 where none has.
  int run() {
    try {
      converse();
    } catch (const Ended&) {
    }
    return ended_by_;
  }

  void write(Rpc&, std::string_view utf8) override { editor_.write(utf8); }

  Line read_line(Rpc&, const ReadRequest& request) override {
    Line line;
    if (!request.echo) {
      editor_.write(request.prompt);
      finish(line, input_.read_secret(line.text) == TerminalInput::Event::Character);
      if (!line.end && !line.interrupted) line.text += '\n';
      return line;
    }
    const LineEditor::Completer complete = [this](const std::string& before) {
      if (kind_ == ShellKind::Elixir) return completer_->complete_elixir(before);
      return completer_->complete(before, shell_.group_leader().expand_fun());
    };
    // IEx reads line by line; what it asks with its prompt is worth a history.
    const bool is_line_of_iex = kind_ == ShellKind::Elixir && !request.prompt.empty();
    const bool is_expression = request.is_expression || is_line_of_iex;
    const auto outcome =
        editor_.read(request.is_more ? more_prompt(request.prompt) : request.prompt,
                     is_expression ? complete : nullptr, line.text);
    finish(line, outcome == LineEditor::Outcome::Line);
    interrupted_ = false;
    if (is_expression) expression_ = (request.is_more ? expression_ : "") + line.text;
    if (is_line_of_iex) remember();
    return line;
  }

  bool is_terminal() const override { return true; }
  std::optional<int> columns() const override { return size().ws_col; }
  std::optional<int> rows() const override { return size().ws_row; }

 private:
  void converse() {
    shell_.start();
    completer_.emplace(rpc_, shell_.process());
    shell_.group_leader().on_tokens([this](const Term& scanned) {
      remember();
      completer_->learn(scanned);
    });
    while (!shell_.ended()) {
      if (wait(false, -1) != TerminalInput::Wait::Interrupted || shell_.ended()) continue;
      shell_.interrupt();
      liveness_.ask();
    }
  }

  static winsize size() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {24, 80, 0, 0};
    return size;
  }

  void finish(Line& line, bool complete) {
    line.interrupted = !complete && interrupted_ && !shell_.ended();
    line.end = line.left = !complete && !line.interrupted;
    if (!complete) line.text.clear();
    interrupted_ = false;
  }

  // The lines of an expression are one entry.
  void remember() {
    while (!expression_.empty() && (expression_.back() == '\n' || expression_.back() == ' '))
      expression_.pop_back();
    if (expression_.empty()) return;
    editor_.add_history(expression_);
    history_.add(expression_);
    expression_.clear();
  }

  void heed_signals() {
    while (const int signal = signals_.take()) {
      if (signal == SIGWINCH) editor_.resize();
      if (signal == SIGTERM || signal == SIGHUP) ended_by_ = signal;
      if (ended_by_ != 0 || signal == SIGQUIT) shell_.end();
      if (signal == SIGINT) interrupted_ = true;
    }
  }

  // Serves the node until something is typed (where that is wanted), or a signal comes.
  TerminalInput::Wait wait(bool for_input, int milliseconds) {
    Channel& channel = rpc_.connection().channel();
    while (!shell_.ended()) {
      pollfd wanted[] = {{signals_.descriptor(), POLLIN, 0},
                         {channel.descriptor(), POLLIN, 0},
                         {for_input || !input_.is_at_end() ? STDIN_FILENO : -1, POLLIN, 0}};
      const bool pending = channel.has_pending();
      const int patience = liveness_.is_asking() ? kLivenessPause : milliseconds;
      const int ready = ::poll(wanted, 3, pending ? 0 : patience);
      if (ready < 0) continue;
      heed_signals();
      if (interrupted_) {
        interrupted_ = for_input;
        return TerminalInput::Wait::Interrupted;
      }
      if (pending || wanted[1].revents != 0) {
        rpc_.serve(Deadline::after({}));
        // What came may have asked for a line, which took what was typed.
        if (wanted[2].revents != 0) ::poll(&wanted[2], 1, 0);
      }
      liveness_.check();
      if (wanted[2].revents != 0 && for_input) return TerminalInput::Wait::Readable;
      // Typed ahead: the shell reads it later, but who types Ctrl-D may want to leave now.
      if (wanted[2].revents != 0 && input_.read_ahead()) liveness_.ask();
      if (ready == 0 && !pending && milliseconds >= 0) return TerminalInput::Wait::TimedOut;
    }
    return TerminalInput::Wait::Interrupted;
  }

  static constexpr int kLivenessPause = 100;  // milliseconds

  Rpc& rpc_;
  TerminalSignals signals_;
  Liveness liveness_;
  QuietTerminal quiet_;
  BracketedPaste paste_;
  HistoryFile history_;
  TerminalInput input_;
  LineEditor editor_;
  ShellKind kind_;
  Shell shell_;
  std::optional<ShellCompleter> completer_;
  std::string expression_;  // what was typed of it
  bool interrupted_ = false;
  int ended_by_ = 0;
};

// Without a terminal: expressions from standard input.
void run_unattended(Rpc& rpc, ShellKind kind) {
  StandardStreams streams;
  Shell shell(rpc, streams, kind);
  shell.start();
  while (!shell.ended())
    rpc.serve(Deadline::never());
}

}  // namespace

void run_remote_shell(const Target& target, std::chrono::milliseconds timeout,
                      const sys::Environment& environment, ShellKind kind) {
  Connection connection = join(target, Deadline::after(timeout));
  Rpc rpc(connection, timeout);
  if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
    const int signal = Console(rpc, target.cookie.value, environment, kind).run();
    std::fputs("\n", stdout);
    std::fflush(stdout);
    if (signal != 0) std::raise(signal);  // the terminal is as it was before
  } else {
    run_unattended(rpc, kind);
  }
}

}  // namespace relmk::node
