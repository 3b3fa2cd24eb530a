#include "node/console/remote_shell.h"

#include <poll.h>

#include <cstdlib>
#include <thread>

#include "catch.h"
#include "node/distribution/node_error.h"
#include "redirected.h"
#include "scratch.h"
#include "working_node.h"

namespace node_remote_shell_test {

using namespace relmk;
using namespace relmk::node;

namespace {

Term started() {
  return Term::tuple({Term::atom("shell"), process_of_node()});
}

// A shell that prints a text and ends.
Terms short_shell(const Term& tag) {
  return {started(), told_text(tag, "print", "hello\n"), end_of_work(told_answer(tag, Term(0)))};
}

// What it leaves on standard output, which is a file.
std::string unattended(const Target& target, ShellKind kind = ShellKind::Erlang) {
  const Scratch scratch;
  {
    const Redirected in(STDIN_FILENO, "/dev/null", O_RDONLY);
    const Redirected out(STDOUT_FILENO, scratch.path / "out", O_WRONLY | O_CREAT);
    run_remote_shell(target, kPatience, {}, kind);
  }
  return sys::read_file(scratch.path / "out");
}

// The other side of a terminal: types `keys` once `prompt` is shown, and keeps all that is shown,
// until shown() is asked.
class User {
 public:
  explicit User(std::string prompt = "", std::string keys = "")
      : prompt_(std::move(prompt)),
        keys_(std::move(keys)),
        master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    ::grantpt(master_);
    ::unlockpt(master_);
    terminal_ = ::ptsname(master_);
    slave_ = ::open(terminal_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    reader_ = std::thread([this] { read(); });
  }
  ~User() {
    if (reader_.joinable()) shown();
    ::close(master_);
  }
  User(const User&) = delete;
  User& operator=(const User&) = delete;

  const std::string& terminal() const { return terminal_; }
  // Ends the terminal, which nobody else has open.
  std::string shown() {
    ::close(slave_);
    reader_.join();
    return shown_;
  }

 private:
  void read() {
    char bytes[256];
    for (ssize_t size; (size = ::read(master_, bytes, sizeof bytes)) > 0;) {
      shown_.append(bytes, static_cast<size_t>(size));
      if (keys_.empty() || shown_.find(prompt_) == std::string::npos) continue;
      if (::write(master_, keys_.data(), keys_.size()) < 0) break;
      keys_.clear();
    }
  }

  std::string prompt_, keys_;
  int master_;
  int slave_ = -1;
  std::string terminal_, shown_;
  std::thread reader_;
};

}  // namespace

TEST_CASE("remote shell: without a terminal, what the shell prints is all, and its end the end") {
  WorkingNode node;
  CHECK(unattended(node.target(short_shell)) == "hello\n");
  CHECK(node.bound("Kind").is_atom("shell"));
}

TEST_CASE("remote shell: it may be IEx") {
  WorkingNode node;
  CHECK(unattended(node.target(short_shell), ShellKind::Elixir) == "hello\n");
  CHECK(node.bound("Kind").is_atom("iex"));
}

TEST_CASE("remote shell: a node that starts none is told") {
  WorkingNode node;
  const Target target = node.target([](const Term& tag) {
    return Terms{told_answer(tag, Term::atom("odd")), end_of_work(told_answer(tag, Term(0)))};
  });
  CHECK_THROWS_WITH(unattended(target), "error: fake@127.0.0.1 starts no shell");
}

TEST_CASE("remote shell: at a terminal it asks for whole pastes, and takes that back") {
  const Scratch home;
  WorkingNode node;
  User user;
  {
    const Redirected in(STDIN_FILENO, user.terminal(), O_RDWR | O_NOCTTY);
    const Redirected out(STDOUT_FILENO, user.terminal(), O_RDWR | O_NOCTTY);
    run_remote_shell(node.target(short_shell), kPatience,
                     {{"TERM", "xterm"}, {"HOME", home.path.string()}});
  }
  const std::string shown = user.shown();
  const size_t asked = shown.find("\x1b[?2004h"), hello = shown.find("hello"),
               taken_back = shown.find("\x1b[?2004l");
  CHECK(asked < hello);
  CHECK(hello < taken_back);
  CHECK(taken_back != std::string::npos);
}

TEST_CASE("remote shell: Ctrl-D at its prompt ends it, and nothing of that stops the node") {
  const Scratch home;
  WorkingNode node;
  User user("1> ", "\x04");
  // As `shell` asks for an expression.
  const Term asked = Term::tuple(
      {Term::atom("io_request"), process_of_node(), Term(1),
       Term::tuple({Term::atom("get_until"), Term::atom("unicode"), Term::binary("1> "),
                    Term::atom("erl_scan"), Term::atom("tokens"), Term::list({Term(1)})})});
  int answered = 0;
  const Target target = node.target(
      [&](const Term&) {
        return Terms{started(), asked};
      },
      [&](const Term&, const Term&) {
        ++answered;
        return Terms{};
      });
  {
    const Redirected in(STDIN_FILENO, user.terminal(), O_RDWR | O_NOCTTY);
    const Redirected out(STDOUT_FILENO, user.terminal(), O_RDWR | O_NOCTTY);
    run_remote_shell(target, kPatience, {{"TERM", "xterm"}, {"HOME", home.path.string()}});
  }
  CHECK_THAT(user.shown(), Catch::Matchers::ContainsSubstring("1> "));
  CHECK(answered == 0);
}

}  // namespace node_remote_shell_test
