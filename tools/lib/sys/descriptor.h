// An open file of the system.
#pragma once

#include <unistd.h>

#include <string_view>
#include <utility>

namespace relmk::sys {

// Owns a file descriptor, and closes it. A negative one is none.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  // Closes now; returns what close() returned (a full disk may show only here).
  int close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

// Writes all of it, however often that takes. Returns 0, or the errno of the write that failed.
int write_all(int fd, std::string_view bytes);

}  // namespace relmk::sys
