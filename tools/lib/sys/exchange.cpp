// What makes a step repeatable: the staged file of step N is AREA/new.N, what it replaces goes to
// AREA/old.N, and which of the two are there tells how far the step has come.
#include "sys/exchange.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <set>
#include <utility>

#include "sys/descriptor.h"
#include "sys/error.h"
#include "sys/sync.h"

namespace relmk::sys {
namespace {

using Kind = ExchangeStep::Kind;

constexpr unsigned kOwnerMayWrite = 0700;

bool is_there(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

Error failed(const fs::path& path, int error) {
  return system_error(path, "cannot be replaced", error);
}

// Not onto something that came to be there meanwhile, as far as the file system can tell.
void move_to_free_place(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS) throw failed(to, errno);
  if (is_there(to)) throw failed(to, EEXIST);
  if (::rename(from.c_str(), to.c_str()) != 0) throw failed(to, errno);
}

// A second name for the old file, so that the new one can take its place in one step; where the
// file system knows no second names, the old one moves away first.
void keep_old(const fs::path& path, const fs::path& old) {
  if (::linkat(AT_FDCWD, path.c_str(), AT_FDCWD, old.c_str(), 0) == 0 || errno == ENOENT) return;
  if (::rename(path.c_str(), old.c_str()) != 0 && errno != ENOENT) throw failed(path, errno);
}

std::string without_slash(const fs::path& path) {
  std::string text = path.lexically_normal().native();
  while (text.size() > 1 && text.back() == '/')
    text.pop_back();
  return text;
}

}  // namespace

fs::path exchange_journal(const fs::path& root) {
  return root / ".relmk.journal";
}

// The journal as an open, locked file.
struct Exchange::Journal {
  Exchange& exchange;
  int fd = -1;

  explicit Journal(Exchange& of) : exchange(of) {}
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal() {
    if (fd >= 0) ::close(fd);
  }

  fs::path path() const { return exchange_journal(exchange.root_); }

  // Under its own name only when all of it is on the disk, and locked before that. Where the file
  // system can, it has none until then.
  void write() {
    fd = ::open(exchange.root_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
    fs::path name = "/proc/self/fd/" + std::to_string(fd);
    if (fd < 0 || !is_there(name)) {
      if (fd >= 0) ::close(fd);
      name = unfinished_name();
      ::unlink(name.c_str());
      fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    }
    int error = fd < 0 ? errno : write_text();
    if (error == 0) error = take_name(name);
    ::unlink(unfinished_name().c_str());
    if (error != 0) throw system_error(path(), "cannot write", error);
    exchange.is_journaled_ = true;
    sync_directory(exchange.root_);
  }

  fs::path unfinished_name() const { return path().native() + ".new"; }

  // 0, or an errno.
  int take_name(const fs::path& name) const {
    if (::linkat(AT_FDCWD, name.c_str(), AT_FDCWD, path().c_str(), AT_SYMLINK_FOLLOW) == 0)
      return 0;
    const int error = errno;
    // Of a file system that knows no second names.
    return name == unfinished_name() && ::rename(name.c_str(), path().c_str()) == 0 ? 0 : error;
  }

  // 0, or an errno.
  int write_text() const {
    if (const int error = write_all(fd, print_exchange(exchange.record_))) return error;
    return ::flock(fd, LOCK_EX) != 0 || ::fsync(fd) != 0 ? errno : 0;
  }

  // False where there is none. Waits until nobody else is at it.
  bool open() {
    while (true) {
      fd = ::open(path().c_str(), O_RDWR | O_CLOEXEC);
      if (fd < 0 && errno == ENOENT) return false;
      if (fd < 0) throw unfinished(std::strerror(errno));
      while (::flock(fd, LOCK_EX) != 0) {
        if (errno != EINTR) throw unfinished(std::strerror(errno));
      }
      struct stat ours {};
      struct stat there {};
      if (::fstat(fd, &ours) != 0) throw unfinished(std::strerror(errno));
      if (::stat(path().c_str(), &there) == 0 && ours.st_ino == there.st_ino) return true;
      ::close(std::exchange(fd, -1));
    }
  }

  void read() {
    std::string bytes;
    char buffer[1U << 14];
    for (ssize_t n;
         (n = ::pread(fd, buffer, sizeof buffer, static_cast<off_t>(bytes.size()))) != 0;) {
      if (n < 0 && errno != EINTR) throw unfinished(std::strerror(errno));
      if (n > 0) bytes.append(buffer, static_cast<size_t>(n));
    }
    try {
      exchange.record_ = read_exchange(bytes);
    } catch (const Error& error) {
      throw unfinished(error.message());
    }
  }

  Error unfinished(const std::string& why) const {
    return Error(exchange.root_, "an exchange was interrupted here, and cannot be finished: " + why)
        .with_hint("build the release again, or start it once as the user who owns it");
  }

  // Without what is staged, and what it kept of the old, there is no way on or back.
  void check_areas() const {
    for (const fs::path& area : exchange.record_.areas) {
      if (is_there(exchange.root_ / area)) continue;
      throw Error(exchange.root_, "an exchange was interrupted here, and cannot be finished: " +
                                      (exchange.root_ / area).lexically_normal().string() +
                                      " is gone")
          .with_hint("remove " + path().string() + ", and build the release again");
    }
  }

  // From here on it is to be undone, whoever does it.
  void turn_back() {
    if (::pwrite(fd, kUndoWord.data(), kUndoWord.size(), 0) !=
            static_cast<ssize_t>(kUndoWord.size()) ||
        ::fdatasync(fd) != 0)
      throw unfinished(std::strerror(errno));
  }

  void open_directories() const {
    for (const ExchangeMode& mode : exchange.record_.modes) {
      const fs::path path = exchange.root_ / mode.path;
      if (::chmod(path.c_str(), mode.before | kOwnerMayWrite) != 0 && errno != ENOENT)
        throw failed(path, errno);
    }
  }

  void close_directories(bool undone) const {
    for (auto mode = exchange.record_.modes.rbegin(); mode != exchange.record_.modes.rend();
         ++mode) {
      const fs::path path = exchange.root_ / mode->path;
      if (::chmod(path.c_str(), undone ? mode->before : mode->after) != 0 && errno != ENOENT)
        throw failed(path, errno);
    }
  }

  void take(size_t number) const {
    const ExchangeStep& step = exchange.record_.steps[number];
    const fs::path path = exchange.root_ / step.path;
    const fs::path fresh = exchange.staged(number);
    const fs::path old = exchange.old(number);
    switch (step.kind) {
      case Kind::None:
        return;
      case Kind::Place:
        if (is_there(fresh)) move_to_free_place(fresh, path);
        return;
      case Kind::Replace:
        if (!is_there(fresh)) return;
        if (!is_there(old)) keep_old(path, old);
        if (::rename(fresh.c_str(), path.c_str()) != 0) throw failed(path, errno);
        return;
      case Kind::Remove:
        if (!is_there(old) && ::rename(path.c_str(), old.c_str()) != 0 && errno != ENOENT)
          throw failed(path, errno);
        return;
      case Kind::RemoveDirectory:
        // What others put into it keeps it.
        if (::rmdir(path.c_str()) != 0 && errno != ENOENT && errno != ENOTEMPTY &&
            errno != EEXIST && errno != EBUSY && errno != ENOTDIR)
          throw failed(path, errno);
        return;
    }
  }

  void take_back(size_t number) const {
    const ExchangeStep& step = exchange.record_.steps[number];
    const fs::path path = exchange.root_ / step.path;
    const fs::path fresh = exchange.staged(number);
    const fs::path old = exchange.old(number);
    const auto move = [](const fs::path& from, const fs::path& to) {
      if (::rename(from.c_str(), to.c_str()) != 0) throw failed(to, errno);
    };
    switch (step.kind) {
      case Kind::None:
        return;
      case Kind::Place:
        if (!is_there(fresh) && is_there(path)) move(path, fresh);
        return;
      case Kind::Replace:
        if (!is_there(old)) return;
        if (!is_there(fresh) || !is_there(path)) return move(old, path);
        // Two names of one file: the step has only begun.
        if (::unlink(old.c_str()) != 0) throw failed(old, errno);
        return;
      case Kind::Remove:
        if (is_there(old)) move(old, path);
        return;
      case Kind::RemoveDirectory:
        if (::mkdir(path.c_str(), step.mode) == 0)
          ::chmod(path.c_str(), step.mode);
        else if (errno != EEXIST)
          throw failed(path, errno);
        return;
    }
  }

  void take_all() const {
    open_directories();
    for (size_t i = 0; i < exchange.record_.steps.size(); ++i)
      take(i);
    close_directories(false);
  }

  void take_all_back() const {
    open_directories();
    for (size_t i = exchange.record_.steps.size(); i-- > 0;)
      take_back(i);
    close_directories(true);
  }

  // Returns why not all could be taken, and brought to the disk; then all are taken back. Either
  // way there is no journal any more.
  std::exception_ptr take_all_or_none() {
    std::exception_ptr failure;
    try {
      take_all();
      end();
    } catch (const Error&) {
      failure = std::current_exception();
      turn_back();
      take_all_back();
      end();
    }
    return failure;
  }

  // Only when all is on the disk is what could undo it let go.
  void end() {
    exchange.sync();
    if (::unlink(path().c_str()) != 0) throw unfinished(std::strerror(errno));
    exchange.is_journaled_ = false;
  }
};

Exchange::Exchange(fs::path root, fs::path tool) : root_(std::move(root)) {
  record_.tool = std::move(tool);
}

Exchange::~Exchange() {
  if (is_journaled_) return;
  for (const fs::path& area : record_.areas) {
    try {
      remove_tree(root_ / area);
    } catch (const Error&) {
      // It is in nobody's way; the next exchange tries again.
      continue;
    }
  }
}

size_t Exchange::add_area(const fs::path& directory) {
  // By its way from the root: the tree may be moved, as a whole, before the exchange is finished.
  const fs::path way =
      fs::path(without_slash(fs::absolute(directory))).lexically_relative(without_slash(root_));
  const fs::path area = way.empty() ? fs::absolute(directory) : way;
  const auto known = std::find(record_.areas.begin(), record_.areas.end(), area);
  if (known != record_.areas.end()) return static_cast<size_t>(known - record_.areas.begin());
  remove_tree(directory);
  make_directories(directory);
  record_.areas.push_back(area);
  return record_.areas.size() - 1;
}

fs::path Exchange::staged(size_t step) const {
  return root_ / record_.areas[record_.steps[step].area] / ("new." + std::to_string(step));
}

fs::path Exchange::old(size_t step) const {
  return root_ / record_.areas[record_.steps[step].area] / ("old." + std::to_string(step));
}

size_t Exchange::place(size_t area, std::string path) {
  record_.steps.push_back({Kind::Place, area, std::move(path), 0});
  return record_.steps.size() - 1;
}

size_t Exchange::replace(size_t area, std::string path) {
  record_.steps.push_back({Kind::Replace, area, std::move(path), 0});
  return record_.steps.size() - 1;
}

void Exchange::forget(size_t step) {
  record_.steps[step].kind = Kind::None;
}

bool Exchange::empty() const {
  return record_.modes.empty() &&
         std::all_of(record_.steps.begin(), record_.steps.end(),
                     [](const ExchangeStep& step) { return step.kind == Kind::None; });
}

void Exchange::remove(size_t area, std::string path) {
  record_.steps.push_back({Kind::Remove, area, std::move(path), 0});
}

void Exchange::remove_directory(std::string path, unsigned mode) {
  record_.steps.push_back({Kind::RemoveDirectory, 0, std::move(path), mode});
}

void Exchange::change_mode(std::string path, unsigned before, unsigned after) {
  record_.modes.push_back({std::move(path), before, after});
}

// Each file system once.
void Exchange::sync() const {
  std::set<dev_t> synced;
  const auto sync_once = [&](const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && !synced.insert(status.st_dev).second) return;
    sync_file_system(path);
  };
  for (const fs::path& area : record_.areas)
    sync_once(root_ / area);
  sync_once(root_);
}

void Exchange::carry_out() {
  sync();
  Journal journal(*this);
  journal.write();
  if (const std::exception_ptr failure = journal.take_all_or_none())
    std::rethrow_exception(failure);
}

void finish_exchange(const fs::path& root) {
  Exchange exchange(root, {});
  Exchange::Journal journal(exchange);
  if (!journal.open()) return;
  exchange.is_journaled_ = true;
  journal.read();
  journal.check_areas();
  if (exchange.record_.is_undone) {
    journal.take_all_back();
    journal.end();
  } else {
    journal.take_all_or_none();
  }
}

}  // namespace relmk::sys
