// A process that is found by its arguments.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

// A shell with these arguments, run from a file; it stops itself, or waits for its end.
class NamedProcess {
 public:
  explicit NamedProcess(std::vector<std::string> arguments, const std::string& file = "/bin/sh",
                        bool stops = true) {
    arguments.insert(arguments.begin() + 1,
                     {"-c", stops ? "kill -STOP $$" : "kill -STOP $$; read -r line"});
    std::vector<char*> words;
    for (std::string& word : arguments)
      words.push_back(word.data());
    words.push_back(nullptr);
    int input[2] = {};
    if (::pipe(input) != 0) return;
    id_ = ::fork();
    if (id_ == 0) {
      ::dup2(input[0], 0);
      ::execv(file.c_str(), words.data());
      ::_exit(127);
    }
    ::close(input[0]);
    input_ = input[1];
    ::waitpid(id_, nullptr, WUNTRACED);
    if (stops) return;
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

 private:
  pid_t id_ = 0;
  int input_ = -1;
};
