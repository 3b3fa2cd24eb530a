// Plays a user at a terminal, for tests: runs a command in a pseudo-terminal and does what the
// script on standard input says, line by line.
//
//   send TEXT      types TEXT; \n, \t, \e, \\ and \xHH are what they are in C
//   paste FILE     pastes a file's text, bracketed, as xterm does
//   resize ROWS COLUMNS
//   signal NUMBER  to the command
//   expect TEXT    waits until TEXT comes, after what was expected before it
//   await FILE     waits until there is such a file
//   absent TEXT    TEXT has not come since what was expected last
//   end CODE       waits until the command ends, with that exit code
//
// Sequences that control the terminal are left out of what came. The first thing that is not as the
// script says ends it with 1 and a transcript.
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kPatience(120);

std::string unescaped(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char kind = text[++i];
    if (kind == 'n')
      out += '\n';
    else if (kind == 't')
      out += '\t';
    else if (kind == 'e')
      out += '\x1b';
    else if (kind == 'x') {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else
      out += kind;
  }
  return out;
}

class Terminal {
 public:
  explicit Terminal(char** command) {
    const winsize size{24, 80, 0, 0};
    pid_ = forkpty(&descriptor_, nullptr, nullptr, &size);
    if (pid_ == 0) {
      execvp(command[0], command);
      std::perror(command[0]);
      _exit(127);
    }
  }

  void send(const std::string& text) {
    for (size_t sent = 0; sent < text.size();) {
      pollfd wanted{descriptor_, POLLIN | POLLOUT, 0};
      poll(&wanted, 1, 1000);
      if ((wanted.revents & POLLIN) != 0) read_some();
      if ((wanted.revents & POLLOUT) == 0) continue;
      const ssize_t count =
          ::write(descriptor_, text.data() + sent, std::min<size_t>(text.size() - sent, 512));
      if (count <= 0) return;
      sent += static_cast<size_t>(count);
    }
  }

  void resize(unsigned short rows, unsigned short columns) {
    const winsize size{rows, columns, 0, 0};
    ioctl(descriptor_, TIOCSWINSZ, &size);
  }

  void signal(int number) { kill(pid_, number); }

  bool expect(const std::string& text) {
    const auto deadline = Clock::now() + kPatience;
    for (;;) {
      const size_t found = output_.find(text, expected_);
      if (found != std::string::npos) {
        expected_ = found + text.size();
        return true;
      }
      if (ended_ || !wait(deadline)) return false;
    }
  }

  bool await(const std::string& file) const {
    const auto deadline = Clock::now() + kPatience;
    for (; access(file.c_str(), F_OK) != 0; usleep(10000)) {
      if (Clock::now() > deadline) return false;
    }
    return true;
  }

  bool absent(const std::string& text) const {
    return output_.find(text, expected_) == std::string::npos;
  }

  // The exit code; -1 when it does not end.
  int end() {
    const auto deadline = Clock::now() + kPatience;
    while (!ended_ && wait(deadline)) {
    }
    for (int status = 0; Clock::now() < deadline; usleep(10000)) {
      if (waitpid(pid_, &status, WNOHANG) == pid_) {
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
    }
    kill(pid_, SIGKILL);
    return -1;
  }

  void abandon() { kill(pid_, SIGKILL); }
  const std::string& output() const { return output_; }

 private:
  bool wait(Clock::time_point deadline) {
    pollfd wanted{descriptor_, POLLIN, 0};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0 || poll(&wanted, 1, static_cast<int>(left.count())) <= 0) return false;
    read_some();
    return true;
  }

  void read_some() {
    char buffer[4096];
    const ssize_t count = ::read(descriptor_, buffer, sizeof buffer);
    if (count <= 0) {
      ended_ = true;
      return;
    }
    for (ssize_t i = 0; i < count; ++i)
      take(buffer[i]);
  }

  // Leaves out ESC [ … letter, and carriage returns.
  void take(char c) {
    if (state_ == 1) {
      state_ = c == '[' ? 2 : 0;
    } else if (state_ == 2) {
      if (c >= '@' && c <= '~') state_ = 0;
    } else if (c == '\x1b') {
      state_ = 1;
    } else if (c != '\r') {
      output_ += c;
    }
  }

  int descriptor_ = -1;
  pid_t pid_ = -1;
  std::string output_;
  size_t expected_ = 0;
  bool ended_ = false;
  int state_ = 0;
};

bool perform(Terminal& terminal, const std::string& line) {
  const size_t space = line.find(' ');
  const std::string act = line.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : unescaped(line.substr(space + 1));
  if (act.empty() || act[0] == '#') return true;
  if (act == "send") {
    terminal.send(rest);
  } else if (act == "paste") {
    std::ifstream file(rest);
    terminal.send("\x1b[200~" + std::string(std::istreambuf_iterator<char>(file), {}) +
                  "\x1b[201~");
  } else if (act == "resize") {
    const size_t between = rest.find(' ');
    terminal.resize(static_cast<unsigned short>(std::stoi(rest)),
                    static_cast<unsigned short>(std::stoi(rest.substr(between))));
  } else if (act == "signal") {
    terminal.signal(std::stoi(rest));
  } else if (act == "expect") {
    return terminal.expect(rest);
  } else if (act == "await") {
    return terminal.await(rest);
  } else if (act == "absent") {
    return terminal.absent(rest);
  } else if (act == "end") {
    return terminal.end() == std::stoi(rest);
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: pty-driver COMMAND [ARGUMENT…] < SCRIPT\n";
    return 2;
  }
  Terminal terminal(argv + 1);
  for (std::string line; std::getline(std::cin, line);) {
    if (perform(terminal, line)) continue;
    terminal.abandon();
    std::cerr << "not so: " << line << "\nwhat came:\n" << terminal.output() << "\n";
    return 1;
  }
  return 0;
}
