#include "node/session/standard_streams.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <iterator>

#include "sys/error.h"

namespace relmk::node {
namespace {

std::optional<winsize> window() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size;
}

Error cannot_write() {
  return Error(std::string("cannot write to standard output: ") + std::strerror(errno));
}

// The terminal's modes before its echo was switched off: the handlers of signals want them.
termios modes_with_echo{};

void restore_echo_and_end(int number) {
  tcsetattr(STDIN_FILENO, TCSANOW, &modes_with_echo);
  ::signal(number, SIG_DFL);
  ::raise(number);
}

// Switches the terminal's echo off as long as it lives. A signal that ends us switches it on again.
class Silence {
 public:
  explicit Silence(bool wanted) {
    if (!wanted || tcgetattr(STDIN_FILENO, &modes_with_echo) != 0) return;
    for (size_t i = 0; i < std::size(kSignals); ++i) {
      struct sigaction action = {};
      action.sa_handler = restore_echo_and_end;
      ::sigaction(kSignals[i], nullptr, &before_[i]);
      if (before_[i].sa_handler == SIG_DFL) ::sigaction(kSignals[i], &action, nullptr);
    }
    termios silent = modes_with_echo;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &silent);
    active_ = true;
  }
  ~Silence() {
    if (!active_) return;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes_with_echo);
    for (size_t i = 0; i < std::size(kSignals); ++i)
      ::sigaction(kSignals[i], &before_[i], nullptr);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  static constexpr int kSignals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
  struct sigaction before_[std::size(kSignals)] = {};
  bool active_ = false;
};

// What c:i/0 asks after each page (of OTP 25, of later ones), and asks again at the end of input:
// an empty line goes on. So it does where nobody reads pages, or the input is meant for something
// else.
bool asks_for_page(std::string_view prompt) {
  return prompt == "more (y/n)? (y) " || prompt == "(c)ontinue (q)uit -->";
}

}  // namespace

void StandardStreams::write(Rpc& rpc, std::string_view text) {
  if (std::fflush(stdout) != 0) throw cannot_write();
  while (!text.empty()) {
    // So much a pipe takes at once, when it takes anything.
    rpc.wait_until_writable(STDOUT_FILENO);
    const ssize_t written =
        ::write(STDOUT_FILENO, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (written < 0 && errno != EINTR && errno != EAGAIN) throw cannot_write();
    text.remove_prefix(static_cast<size_t>(std::max<ssize_t>(written, 0)));
  }
}

Terminal::Line StandardStreams::read_line(Rpc& rpc, const ReadRequest& request) {
  if (asks_for_page(request.prompt) && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))) {
    return {"\n", false};
  }
  const Silence silence(!request.echo);
  if (isatty(STDIN_FILENO)) write(rpc, request.is_more ? ".. " : request.prompt);
  Line line;
  for (;;) {
    const size_t newline = input_.find('\n');
    if (newline != std::string::npos || at_end_) {
      line.end = input_.empty();
      line.text = input_.substr(0, newline == std::string::npos ? newline : newline + 1);
      input_.erase(0, line.text.size());
      return line;
    }
    rpc.serve_until_readable(STDIN_FILENO);
    char buffer[4096];
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count > 0) input_.append(buffer, static_cast<size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) at_end_ = true;
  }
}

bool StandardStreams::is_terminal() const {
  return isatty(STDOUT_FILENO) != 0;
}

std::optional<int> StandardStreams::columns() const {
  const auto size = window();
  return size ? std::optional<int>(size->ws_col) : std::nullopt;
}

std::optional<int> StandardStreams::rows() const {
  const auto size = window();
  return size ? std::optional<int>(size->ws_row) : std::nullopt;
}

}  // namespace relmk::node
