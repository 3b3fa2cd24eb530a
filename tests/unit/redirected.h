// A standard stream that is a file, as long as this lives.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "catch.h"
#include "sys/files.h"

class Redirected {
 public:
  // `flags` are those of open(2).
  Redirected(int number, const relmk::fs::path& file, int flags)
      : number_(number), saved_(::fcntl(number, F_DUPFD_CLOEXEC, 10)) {
    std::fflush(stdout);
    const int opened = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
    REQUIRE(opened >= 0);
    ::dup2(opened, number);
    ::close(opened);
  }
  ~Redirected() {
    std::fflush(stdout);
    ::dup2(saved_, number_);
    ::close(saved_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

 private:
  int number_;
  int saved_;
};
