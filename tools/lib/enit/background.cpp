// `enit start`: OTP's run_erl in a session of its own, with the node in it. What becomes of the
// node is told by the node itself, as it would tell systemd: by datagrams to a socket.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

#include "enit/start.h"
#include "node/distribution/deadline.h"

namespace relmk::enit {
namespace {

constexpr int kPause = 50;  // milliseconds between looks at the process

// An abstract socket (unix(7)) that the node tells how it is.
class NotifySocket {
 public:
  explicit NotifySocket(uid_t sender) : sender_(sender) {
    uint64_t random[2] = {};
    if (::getrandom(random, sizeof random, 0) < 0)
      throw sys::system_error("", "no random numbers", errno);
    name_ = fmt::format("enit-{:016x}{:016x}", random[0], random[1]);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    name_.copy(address.sun_path + 1, sizeof address.sun_path - 1);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name_.size());
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;
    if (socket_ < 0 || ::setsockopt(socket_, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0 ||
        ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0) {
      throw sys::system_error("", "cannot make a socket for the node", errno);
    }
  }
  ~NotifySocket() { ::close(socket_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::string path() const { return "@" + name_; }
  bool is_ready() const { return is_ready_; }
  const std::string& status() const { return status_; }

  // Takes in what has come, and waits for it that long.
  void serve(int milliseconds) {
    pollfd wanted{socket_, POLLIN, 0};
    ::poll(&wanted, 1, milliseconds);
    while (const auto message = receive())
      take(*message);
  }

 private:
  // A message of the node's user, or of root.
  std::optional<std::string> receive() {
    char text[4096];
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
    iovec vector{text, sizeof text};
    msghdr header = {};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    const ssize_t size = ::recvmsg(socket_, &header, 0);
    if (size < 0) return std::nullopt;
    const cmsghdr* credentials = CMSG_FIRSTHDR(&header);
    if (credentials == nullptr || credentials->cmsg_type != SCM_CREDENTIALS) return std::string();
    ucred sender = {};
    std::copy_n(CMSG_DATA(credentials), sizeof sender, reinterpret_cast<unsigned char*>(&sender));
    if (sender.uid != sender_ && sender.uid != 0) return std::string();
    return std::string(text, static_cast<size_t>(size));
  }

  void take(const std::string& message) {
    for (size_t begin = 0; begin < message.size();) {
      const size_t end = std::min(message.find('\n', begin), message.size());
      const std::string line = message.substr(begin, end - begin);
      if (line == "READY=1") is_ready_ = true;
      if (line.starts_with("STATUS=")) status_ = line.substr(7);
      begin = end + 1;
    }
  }

  const uid_t sender_;
  std::string name_;
  int socket_ = -1;
  bool is_ready_ = false;
  std::string status_;
};

std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char c : word)
    out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

// run_erl gives its command to a shell.
std::string shell_command(const std::vector<std::string>& words) {
  std::string command = "exec";
  for (const std::string& word : words)
    command += " " + quoted(word);
  return command;
}

fs::path log_directory(const BackgroundOptions& options, const Release& release,
                       const State& state) {
  if (!options.log_directory.empty()) return fs::absolute(options.log_directory);
  if (::geteuid() == 0 && state.directory().parent_path() == "/var/lib/enit/" + release.name()) {
    return fs::path("/var/log/enit") / release.name();
  }
  return state.directory() / "log";
}

pid_t run_in_session(const std::vector<std::string>& words, const std::string& notify) {
  std::vector<std::string> copy = words;
  std::vector<char*> arguments;
  for (std::string& word : copy)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) throw sys::system_error(words[0], "cannot be started", errno);
  if (pid > 0) return pid;
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::dup2(null, number);
  ::unsetenv("NOTIFY_SOCKET");  // who starts us is told by us
  ::setenv(kNotifySocket, notify.c_str(), 1);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

void start_in_background(const Release& release, const BackgroundOptions& options,
                         const Environment& environment) {
  const Account account = account_of(release.node);
  const State state(release.place, environment);
  const fs::path log = log_directory(options, release, state);
  sys::make_directories(log);
  const fs::path pipes = state.directory() / "pipes";
  state.make_directory(pipes);
  NotifySocket notify(account.user);
  const fs::path run_erl = otp::find_installation(environment).erts_bin() / "run_erl";
  const pid_t pid = run_in_session(
      {run_erl.string(), pipes.string() + "/", log.string(), shell_command(options.command)},
      notify.path());
  const node::Deadline deadline = node::Deadline::after(options.patience);
  while (!notify.is_ready()) {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == pid) {
      notify.serve(0);
      throw Error(fmt::format("{} ended while it started{}{}", release.node.name.value().text(),
                              notify.status().empty() ? "" : ": ", notify.status()))
          .with_hint(fmt::format("its log is in {}", log.string()));
    }
    if (deadline.passed()) {
      throw Error(fmt::format("{} still starts after {:g} seconds{}{}",
                              release.node.name.value().text(),
                              static_cast<double>(options.patience.count()) / 1000.0,
                              notify.status().empty() ? "" : ": ", notify.status()))
          .with_hint(fmt::format("it is left alone; its log is in {}", log.string()));
    }
    notify.serve(kPause);
  }
}

}  // namespace relmk::enit
