#include "sys/new_file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "sys/error.h"
#include "sys/random_bytes.h"

namespace relmk::sys {
namespace {

constexpr size_t kRandom = 6;         // characters
constexpr size_t kLongestName = 255;  // bytes, of every file system of Linux that matters

fs::path directory_of(const fs::path& target) {
  return target.has_parent_path() ? target.parent_path() : ".";
}

// What the names of a target's new files begin with.
std::string prefix(const fs::path& target) {
  return "." + target.filename().native().substr(0, kLongestName - kRandom - 2) + "~";
}

std::string random_name(const fs::path& target) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz012345";
  std::string name = (target.parent_path() / prefix(target)).native();
  for (const unsigned char byte : random_bytes<kRandom>())
    name += kLetters[byte % kLetters.size()];
  return name;
}

}  // namespace

void remove_left_over(const fs::path& target) {
  std::error_code ignored;
  const std::string begin = prefix(target);
  for (const auto& entry : fs::directory_iterator(directory_of(target), ignored)) {
    const std::string name = entry.path().filename().native();
    if (name.size() != begin.size() + kRandom || !name.starts_with(begin)) continue;
    const Descriptor left(
        ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    struct stat status {};
    if (left.get() >= 0 && ::fstat(left.get(), &status) == 0 && S_ISREG(status.st_mode) &&
        ::flock(left.get(), LOCK_EX | LOCK_NB) == 0)
      ::unlink(entry.path().c_str());
  }
}

NewFile::NewFile(fs::path target) : target_(std::move(target)) {
  // A name is given to it through /proc.
  if (::access("/proc/self/fd", X_OK) == 0)
    file_ = Descriptor(::open(directory_of(target_).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file_.get() >= 0) {
    ::flock(file_.get(), LOCK_EX);
  } else {
    remove_left_over(target_);
    while (!create()) {
    }
  }
}

// False when somebody took it for left over before it was locked, or its name is taken.
bool NewFile::create() {
  const std::string name = random_name(target_);
  file_ = Descriptor(::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file_.get() < 0 && errno != EEXIST) fail(errno);
  if (file_.get() < 0) return false;
  name_ = name;
  struct stat status {};
  return ::flock(file_.get(), LOCK_EX) == 0 && ::fstat(file_.get(), &status) == 0 &&
         status.st_nlink > 0;
}

void NewFile::fail(int error) const {
  throw system_error(target_, "cannot write", error);
}

void NewFile::write(std::string_view bytes) {
  if (const int error = write_all(file_.get(), bytes)) fail(error);
}

void NewFile::drop_name() {
  if (!name_.empty()) ::unlink(name_.c_str());
  name_.clear();
}

void NewFile::take_name() {
  const std::string path = "/proc/self/fd/" + std::to_string(file_.get());
  while (name_.empty()) {
    const std::string name = random_name(target_);
    if (::linkat(AT_FDCWD, path.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      name_ = name;
    } else if (errno != EEXIST) {
      fail(errno);
    }
  }
}

// A full disk may show only when a file is closed. A second descriptor is, since the lock goes with
// the last one.
void NewFile::finish(unsigned mode) {
  if (::fchmod(file_.get(), mode) != 0) fail(errno);
  take_name();
  Descriptor second(::fcntl(file_.get(), F_DUPFD_CLOEXEC, 0));
  if (second.get() < 0 || second.close() != 0) fail(errno);
}

void NewFile::take_place(unsigned mode) {
  finish(mode);
  if (::rename(name_.c_str(), target_.c_str()) != 0) fail(errno);
  name_.clear();
}

void NewFile::exchange(unsigned mode) {
  finish(mode);
  is_exchanged_ =
      ::renameat2(AT_FDCWD, name_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0;
  // Else there was nothing, or the file system cannot.
  if (!is_exchanged_ && ::rename(name_.c_str(), target_.c_str()) != 0) fail(errno);
}

void NewFile::take_back() {
  const unsigned flags = is_exchanged_ ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  ::renameat2(AT_FDCWD, target_.c_str(), AT_FDCWD, name_.c_str(), flags);
}

}  // namespace relmk::sys
