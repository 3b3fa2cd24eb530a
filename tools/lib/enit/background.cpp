// `enit start`: OTP's run_erl in a session of its own, with the node in it. What becomes of the
// node is told by the node itself, as it would tell systemd: by datagrams to a socket.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <fstream>

#include "enit/start.h"
#include "node/distribution/deadline.h"
#include "sys/random_bytes.h"

namespace relmk::enit {
namespace {

constexpr int kPause = 50;  // milliseconds between looks at the process

// Of an abstract socket.
class Address {
 public:
  explicit Address(const std::string& name)
      : size_(static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 +
                                     std::min(name.size(), sizeof address_.sun_path - 1))) {
    address_.sun_family = AF_UNIX;
    name.copy(address_.sun_path + 1, sizeof address_.sun_path - 1);
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return size_; }

 private:
  sockaddr_un address_ = {};
  socklen_t size_;
};

// An abstract socket (unix(7)) that the node tells how it is.
class NotifySocket {
 public:
  explicit NotifySocket(uid_t sender) : sender_(sender) {
    name_ = "enit-";
    for (const unsigned char byte : sys::random_bytes<16>())
      name_ += fmt::format("{:02x}", byte);
    const Address address(name_);
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;
    if (socket_ < 0 || ::setsockopt(socket_, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0 ||
        ::bind(socket_, address.get(), address.size()) != 0) {
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

// The log that run_erl writes to by now, and how long it is.
struct LogEnd {
  explicit LogEnd(const fs::path& directory) {
    std::error_code error;
    fs::file_time_type newest = fs::file_time_type::min();
    for (fs::directory_iterator at(directory, error), end; !error && at != end;
         at.increment(error)) {
      if (!at->path().filename().string().starts_with("erlang.log.")) continue;
      const fs::file_time_type time = fs::last_write_time(at->path(), error);
      if (error || time < newest) continue;
      newest = time;
      file = at->path();
      size = fs::file_size(file, error);
    }
  }
  fs::path file;
  uintmax_t size = 0;
};

// What a node has said since then: its last lines, each behind a newline; run_erl's own left out.
std::string last_lines(const fs::path& directory, const LogEnd& since) {
  constexpr size_t kLines = 8, kLength = 300;
  const LogEnd now(directory);
  if (now.file.empty()) return {};
  std::ifstream log(now.file, std::ios::binary);
  const uintmax_t begin = now.file == since.file ? since.size : 0;
  log.seekg(static_cast<std::streamoff>(std::max(begin, now.size < 65536 ? 0 : now.size - 65536)));
  std::deque<std::string> lines;
  for (std::string line; std::getline(log, line);) {
    while (line.ends_with('\r') || line.ends_with(' '))
      line.pop_back();
    if (line.empty() || line.starts_with("=====")) continue;
    if (line.size() > kLength) {
      size_t end = kLength;
      while (end > 0 && (line[end] & 0xc0) == 0x80)
        --end;  // within a character
      line = line.substr(0, end) + "…";
    }
    lines.push_back(std::move(line));
    if (lines.size() > kLines) lines.pop_front();
  }
  std::string text;
  for (const std::string& line : lines)
    text += "\n  " + line;
  return text;
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

std::string ending_text(const fs::path& log, const std::string& lines) {
  return fmt::format("its log is in {}{}{}", log.string(),
                     lines.empty() ? "" : "; it ends with:", lines);
}

}  // namespace

void tell_starter(const Error& error, const Environment& environment) {
  const std::string& path = sys::variable(environment, kNotifySocket);
  if (path.empty() || path[0] != '@') return;
  std::string status = error.text();
  status.resize(std::min(status.find('\n'), status.size()));
  if (status.starts_with("error: ")) status.erase(0, 7);
  const std::string message = "STATUS=" + status;
  const Address address(path.substr(1));
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return;
  ::sendto(socket, message.data(), message.size(), 0, address.get(), address.size());
  ::close(socket);
}

void start_in_background(const Release& release, const BackgroundOptions& options,
                         const Environment& environment) {
  const Account account = account_of(release.node);
  const State state(release.place, environment);
  const fs::path log = log_directory(options, release, state);
  sys::make_directories(log);
  const fs::path pipes = state.directory() / "pipes";
  state.make_directory(pipes);
  const LogEnd before(log);
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
          .with_hint(ending_text(log, notify.status().empty() ? last_lines(log, before) : ""));
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
