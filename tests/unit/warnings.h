// What is warned of while a test looks.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>
#include <string>

#include "sys/files.h"
#include "sys/temporary_directory.h"

namespace relmk {

// Takes standard error as long as it lives.
class Warnings {
 public:
  Warnings() : before_(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10)) {
    const int file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    std::fflush(stderr);
    ::dup2(file, STDERR_FILENO);
    ::close(file);
  }
  ~Warnings() {
    std::fflush(stderr);
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
  }
  Warnings(const Warnings&) = delete;
  Warnings& operator=(const Warnings&) = delete;

  // How many there were until now.
  int count() const {
    std::istringstream lines(text());
    int count = 0;
    for (std::string line; std::getline(lines, line);)
      count += line.find("warning: ") != std::string::npos ? 1 : 0;
    return count;
  }
  // All that was said until now.
  std::string text() const {
    std::fflush(stderr);
    return sys::read_file(file_);
  }

 private:
  const sys::TemporaryDirectory directory_{"relmk-unit"};
  const fs::path file_ = directory_.path() / "stderr";
  int before_;
};

}  // namespace relmk
