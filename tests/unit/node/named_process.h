// A process that is found by its arguments.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

// How it is run.
struct NamedProcessOptions {
  std::string file = "/bin/sh";
  bool stops = true;           // itself; else it waits for its end
  bool other_network = false;  // in one of its own
  std::string writes = {};     // a file that it has open
};

// A shell with these arguments.
class NamedProcess {
 public:
  explicit NamedProcess(std::vector<std::string> arguments,
                        const NamedProcessOptions& options = {}) {
    arguments.insert(arguments.begin() + 1,
                     {"-c", options.stops ? "kill -STOP $$" : "kill -STOP $$; read -r line"});
    std::vector<char*> words;
    for (std::string& word : arguments)
      words.push_back(word.data());
    words.push_back(nullptr);
    int input[2] = {};
    if (::pipe(input) != 0) return;
    id_ = ::fork();
    if (id_ == 0) {
      ::dup2(input[0], 0);
      if (options.other_network && ::unshare(CLONE_NEWNET) != 0) ::_exit(1);
      if (!options.writes.empty()) ::open(options.writes.c_str(), O_CREAT | O_WRONLY, 0600);
      ::execv(options.file.c_str(), words.data());
      ::_exit(127);
    }
    ::close(input[0]);
    input_ = input[1];
    ::waitpid(id_, nullptr, WUNTRACED);
    if (options.stops) return;
    ::kill(id_, SIGCONT);
    ::waitpid(id_, nullptr, WCONTINUED);
  }
  NamedProcess(const NamedProcess&) = delete;
  NamedProcess& operator=(const NamedProcess&) = delete;
  ~NamedProcess() {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
    ::close(input_);
  }
  pid_t id() const { return id_; }
  // Whether it could be run as it was to be.
  bool runs() const { return ::kill(id_, 0) == 0 && ::waitpid(id_, nullptr, WNOHANG) == 0; }

 private:
  pid_t id_ = 0;
  int input_ = -1;
};
