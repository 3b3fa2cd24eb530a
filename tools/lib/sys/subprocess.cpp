#include "sys/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/core.h>

#define BOOST_PROCESS_USE_STD_FS 1
#include <algorithm>
#include <array>
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/search_path.hpp>
#include <boost/process/start_dir.hpp>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "sys/descriptor.h"
#include "sys/interruption.h"
#include "sys/memory_bound.h"
#include "sys/process_tree.h"
#include "sys/words.h"

namespace relmk::sys {
namespace bp = boost::process;

namespace {

int exit_code(int native) {
  if (WIFSIGNALED(native)) return 128 + WTERMSIG(native);
  return WEXITSTATUS(native);
}

fs::path find_program(const std::string& name) {
  fs::path program = name;
  if (name.find('/') == std::string::npos) program = bp::search_path(name).string();
  if (program.empty()) throw Error("cannot run " + name + ": not found in PATH");
  return program;
}

bp::environment environment_of(const Command& command) {
  bp::environment environment = boost::this_process::environment();
  for (const auto& [key, value] : command.environment)
    environment[key] = value;
  return environment;
}

// A file that holds what a program reads: there is nobody that writes it meanwhile.
Descriptor input_file(const std::string& text) {
  Descriptor file(text.empty() ? ::open("/dev/null", O_RDONLY | O_CLOEXEC)
                               : ::memfd_create("input", MFD_CLOEXEC));
  if (file.get() < 0) throw system_error("", "cannot make a program's input", errno);
  if (const int error = write_all(file.get(), text))
    throw system_error("", "cannot make a program's input", error);
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

// What a program prints to one of its streams.
class Pipe {
 public:
  // What comes is handed to `sink`, where there is one, else collected.
  explicit Pipe(std::function<void(std::string_view)> sink) : sink_(std::move(sink)) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw system_error("", "cannot make a pipe", errno);
    read_ = Descriptor(ends[0]);
    write_ = Descriptor(ends[1]);
  }
  int read_end() const { return read_.get(); }  // -1 after the end
  int write_end() const { return write_.get(); }
  void close_write_end() { write_.close(); }
  std::string take() { return std::move(text_); }

  // Reads once, when there is something or the end.
  void read() {
    char buffer[1U << 16];
    const ssize_t n = ::read(read_.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) return;
    if (n <= 0) {
      read_.close();
      return;
    }
    count_ += static_cast<size_t>(n);
    const std::string_view read(buffer, static_cast<size_t>(n));
    if (sink_) return sink_(read);
    text_ += read;
  }
  bool is_too_much() const { return text_.size() > kMostCollected; }
  // What is there by now.
  void read_rest() {
    int there = 0;
    if (read_.get() < 0 || ::ioctl(read_.get(), FIONREAD, &there) != 0) return;
    const size_t end = count_ + static_cast<size_t>(there);
    while (read_.get() >= 0 && count_ < end)
      read();
  }

 private:
  Descriptor read_;
  Descriptor write_;
  std::function<void(std::string_view)> sink_;
  size_t count_ = 0;  // bytes that were read
  std::string text_;
};

bool has_ended(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         info.si_pid != 0;
}

// What is left of a program's time.
class TimeLeft {
 public:
  explicit TimeLeft(std::chrono::seconds limit)
      : is_limited_(limit.count() > 0), end_(Clock::now() + limit) {}
  bool passed() const { return is_limited_ && Clock::now() >= end_; }
  void end_never() { is_limited_ = false; }
  // In milliseconds, as poll() takes it, but no more than `most`.
  int timeout(int most) const {
    if (!is_limited_) return most;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
    return static_cast<int>(std::clamp<long>(left, 0, most));
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool is_limited_;
  Clock::time_point end_;
};

enum class Ending { ByItself, Late, TooLarge, TooMuchOutput };

// A program that runs: what ends it is a limit of its own, or a signal that is to end us.
class Watched {
 public:
  Watched(pid_t pid, const Command& command)
      : pid_(pid), most_memory_(command.most_memory), time_(command.limit) {}

  Ending ending() const { return ending_; }
  // Milliseconds, after which it is looked at again.
  int timeout() const {
    constexpr int kLookForSignals = 500;  // one may come just before we wait
    return time_.timeout(most_memory_ == 0 ? kLookForSignals : kLookAtMemory);
  }
  // A signal goes to the program and what it has started first; it has two seconds for that.
  void look() {
    constexpr std::chrono::seconds kLastWish(2);
    if (!interrupted_ && Interruption::signal() != 0) {
      signal_tree(pid_, Interruption::signal());
      interrupted_ = true;
      time_ = TimeLeft(kLastWish);
    }
    if (time_.passed()) kill(Ending::Late);
    if (is_too_large()) kill(Ending::TooLarge);
  }
  void kill(Ending why) {
    if (ending_ != Ending::ByItself) return;
    signal_tree(pid_, SIGKILL);
    ending_ = why;
    time_.end_never();
  }

 private:
  static constexpr int kLookAtMemory = 100;

  bool is_too_large() {
    const auto now = std::chrono::steady_clock::now();
    if (most_memory_ == 0 || ending_ != Ending::ByItself || now < next_look_) return false;
    next_look_ = now + std::chrono::milliseconds(kLookAtMemory);
    return memory_of_tree(pid_) > most_memory_;
  }

  pid_t pid_;
  size_t most_memory_;
  TimeLeft time_;
  std::chrono::steady_clock::time_point next_look_{};
  bool interrupted_ = false;
  Ending ending_ = Ending::ByItself;
};

// Reads until the program has ended, also where others that it has left behind still hold its
// streams.
Ending collect(pid_t pid, const std::array<Pipe*, 2>& pipes, const Command& command) {
  constexpr int kLookAgain = 20;  // milliseconds, where the kernel has no descriptors of processes
  Watched watched(pid, command);
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  while (watched.ending() != Ending::TooMuchOutput) {
    pollfd polled[3] = {{pipes[0]->read_end(), POLLIN, 0},
                        {pipes[1]->read_end(), POLLIN, 0},
                        {process.get(), POLLIN, 0}};
    const int ready = ::poll(polled, 3, process.get() < 0 ? kLookAgain : watched.timeout());
    if (ready < 0 && errno != EINTR) throw system_error("", "cannot wait for a program", errno);
    if (polled[2].revents != 0 || (process.get() < 0 && has_ended(pid))) break;
    watched.look();
    for (size_t i = 0; i < pipes.size(); ++i) {
      if (ready > 0 && polled[i].revents != 0) pipes[i]->read();
      if (pipes[i]->is_too_much()) watched.kill(Ending::TooMuchOutput);
    }
  }
  for (Pipe* pipe : pipes)
    pipe->read_rest();
  Interruption::check();
  return watched.ending();
}

}  // namespace

Finished run_command(const Command& command) {
  const fs::path program = find_program(command.argv.front());
  const bp::environment environment = environment_of(command);
  const std::vector<std::string> arguments(command.argv.begin() + 1, command.argv.end());
  const fs::path directory = command.directory.empty() ? fs::path(".") : command.directory;
  const Descriptor input = input_file(command.input);
  Pipe output(command.on_output), errors(command.on_errors);
  const Interruption interruption;

  std::error_code failure;
  bp::child child(
      bp::exe = program.string(), bp::args = arguments, environment,
      bp::start_dir = directory.string(),
      bp::extend::on_exec_setup =
          [&](auto&) {
            MemoryBound::lift();
            ::dup2(input.get(), STDIN_FILENO);
            ::dup2(output.write_end(), STDOUT_FILENO);
            ::dup2(command.joins_errors ? STDOUT_FILENO : errors.write_end(), STDERR_FILENO);
          },
      failure);
  if (failure) throw Error("cannot run " + program.string() + ": " + failure.message());
  output.close_write_end();
  errors.close_write_end();
  const Ending ending = collect(child.id(), {&output, &errors}, command);
  child.wait(failure);
  if (output.is_too_much() || errors.is_too_much()) {
    const std::string name = command.name.empty() ? joined(command.argv, " ") : command.name;
    throw TooMuchOutput(
        fmt::format("{} printed more than {} MiB, and was killed", name, kMostCollected >> 20));
  }
  return {exit_code(child.native_exit_code()), output.take(), errors.take(), ending == Ending::Late,
          ending == Ending::TooLarge};
}

}  // namespace relmk::sys
