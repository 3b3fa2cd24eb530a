#include "sys/output.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>
#include <system_error>

#include "sys/descriptor.h"
#include "sys/error.h"

namespace relmk::sys {
namespace {

constexpr int kMostLinks = 40;  // as the kernel has it

// The number of an open file of ours, where that is what a path names.
std::optional<int> named_descriptor(const fs::path& path) {
  const std::string& text = path.native();
  if (text == "/dev/stdout") return STDOUT_FILENO;
  if (text == "/dev/stderr") return STDERR_FILENO;
  for (const std::string& directory : {std::string("/dev/fd/"), std::string("/proc/self/fd/"),
                                       "/proc/" + std::to_string(::getpid()) + "/fd/"}) {
    if (!text.starts_with(directory)) continue;
    int number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + directory.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end) return number;
  }
  return {};
}

// Where a path leads, when the links in its last part are followed.
struct Destination {
  enum class Kind { Regular, Descriptor, Special };
  Kind kind;
  fs::path path;
  int descriptor = -1;
};

Destination destination(const fs::path& named) {
  fs::path path = named;
  for (int links = 0; links <= kMostLinks; ++links) {
    if (const auto number = named_descriptor(path))
      return {Destination::Kind::Descriptor, path, *number};
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
      if (errno != ENOENT) throw system_error(named, "cannot write", errno);
      return {Destination::Kind::Regular, path, -1};
    }
    if (S_ISREG(status.st_mode)) return {Destination::Kind::Regular, path, -1};
    if (S_ISDIR(status.st_mode)) throw system_error(named, "cannot write", EISDIR);
    if (S_ISSOCK(status.st_mode)) throw Error(named, "cannot write: it is a socket");
    if (!S_ISLNK(status.st_mode)) return {Destination::Kind::Special, path, -1};
    std::error_code error;
    const fs::path target = fs::read_symlink(path, error);
    if (error) throw system_error(named, "cannot write", error.value());
    path = path.parent_path() / target;
  }
  throw system_error(named, "cannot write", ELOOP);
}

void write_into(const Destination& to, const fs::path& named, std::string_view bytes) {
  if (to.kind == Destination::Kind::Descriptor) {
    std::fflush(nullptr);  // what was printed before
    if (const int error = write_all(to.descriptor, bytes))
      throw system_error(named, "cannot write", error);
    return;
  }
  const int fd = ::open(to.path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) throw system_error(named, "cannot write", errno);
  int error = write_all(fd, bytes);
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error != 0) throw system_error(named, "cannot write", error);
}

}  // namespace

void prepare_standard_streams() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    const int direction = number == STDOUT_FILENO ? O_RDONLY : O_WRONLY;
    const int opened = ::open("/dev/null", direction);  // the lowest number that is free: this one
    if (opened > STDERR_FILENO) ::close(opened);
  }
  struct sigaction before {};
  if (::sigaction(SIGPIPE, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) return;
  // A handler, since a program that is started would inherit that the signal is ignored.
  struct sigaction none {};
  none.sa_handler = [](int) {};
  none.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &none, nullptr);
}

void say(std::string_view text) noexcept {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

void print_at_once(const std::string& text) {
  errno = 0;
  const std::string line = text + "\n";
  if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fflush(stdout) != 0)
    throw std::system_error(errno, std::generic_category());
}

void write_to_stderr(std::string_view text) noexcept {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void write_output(const fs::path& path, std::string_view bytes, unsigned mode) {
  write_outputs({{path, std::string(bytes)}}, mode);
}

void write_outputs(const std::vector<FileContent>& files, unsigned mode) {
  std::vector<FileContent> regular;
  std::vector<Destination> destinations;
  for (const FileContent& file : files) {
    destinations.push_back(destination(file.path));
    if (destinations.back().kind == Destination::Kind::Regular)
      regular.push_back({destinations.back().path, file.bytes});
  }
  write_files(regular, mode);
  for (size_t i = 0; i < files.size(); ++i) {
    if (destinations[i].kind != Destination::Kind::Regular)
      write_into(destinations[i], files[i].path, files[i].bytes);
  }
}

bool is_regular_output(const fs::path& path) {
  const Destination to = destination(path);
  std::error_code ignored;
  return to.kind == Destination::Kind::Regular && fs::is_regular_file(to.path, ignored);
}

}  // namespace relmk::sys
