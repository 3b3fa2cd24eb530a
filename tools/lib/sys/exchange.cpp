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
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "sys/descriptor.h"
#include "sys/error.h"
#include "sys/sync.h"

namespace relmk::sys {
namespace {

constexpr std::string_view finish_word = "finish\n";
constexpr std::string_view undo_word = "undo  \n";  // of the same length: it is written over
constexpr std::string_view heading = "relmk exchange 1\n";
constexpr unsigned owner_may_write = 0700;

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

std::string escaped(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      out += text[i] == 'n' ? '\n' : text[i];
    } else {
      out += text[i];
    }
  }
  return out;
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

// The journal as an open, locked file, and its text:
//
//   finish | undo      what is to be done with it
//   relmk exchange 1
//   PATH               of a nodetool that can do it
//   area PATH          relative to the root, or absolute
//   mode BEFORE AFTER PATH
//   place AREA PATH    and replace, remove, rmdir MODE, none; the number of a step is its place
//   here end
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

  std::string text() const {
    std::string out;
    out += finish_word;
    out += heading;
    out += escaped(exchange.tool_) + "\n";
    for (const fs::path& area : exchange.areas_)
      out += "area " + escaped(area) + "\n";
    char digits[32];
    const auto octal = [&](unsigned mode) {
      std::snprintf(digits, sizeof digits, "%o ", mode);
      return digits;
    };
    for (const Mode& mode : exchange.modes_) {
      out += "mode ";
      out += octal(mode.before);
      out += octal(mode.after);
      out += escaped(mode.path) + "\n";
    }
    for (const Step& step : exchange.steps_) {
      const char* const words[] = {"place ", "replace ", "remove ", "rmdir ", "none "};
      out += words[static_cast<size_t>(step.kind)];
      out +=
          octal(step.kind == Kind::RemoveDirectory ? step.mode : static_cast<unsigned>(step.area));
      out += escaped(step.path) + "\n";
    }
    out += "end\n";
    return out;
  }

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
    if (const int error = write_all(fd, text())) return error;
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

  // Returns whether it is to be undone.
  bool read() {
    std::string bytes;
    char buffer[1U << 14];
    for (ssize_t n;
         (n = ::pread(fd, buffer, sizeof buffer, static_cast<off_t>(bytes.size()))) != 0;) {
      if (n < 0 && errno != EINTR) throw unfinished(std::strerror(errno));
      if (n > 0) bytes.append(buffer, static_cast<size_t>(n));
    }
    std::string_view rest = bytes;
    const bool undo = rest.starts_with(undo_word);
    if (!undo && !rest.starts_with(finish_word)) throw unfinished("its journal is none");
    rest.remove_prefix(finish_word.size());
    if (!rest.starts_with(heading)) throw unfinished("its journal is another relmk's");
    rest.remove_prefix(heading.size());
    exchange.tool_ = line(rest);
    while (true) {
      const std::string_view one = line(rest);
      if (one == "end") break;
      read_line(one);
    }
    return undo;
  }

  std::string_view line(std::string_view& rest) const {
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) throw unfinished("its journal ends early");
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return one;
  }

  void read_line(std::string_view one) {
    const auto word = [&] {
      const size_t end = std::min(one.find(' '), one.size());
      const std::string_view first = one.substr(0, end);
      one.remove_prefix(std::min(end + 1, one.size()));
      return first;
    };
    const auto octal = [&] {
      const std::string_view digits = word();
      unsigned number = 0;
      const auto [stop, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), number, 8);
      if (error != std::errc() || stop != digits.data() + digits.size())
        throw unfinished("its journal cannot be understood");
      return number;
    };
    const std::string_view what = word();
    if (what == "area") {
      exchange.areas_.emplace_back(unescaped(one));
    } else if (what == "mode") {
      const unsigned before = octal();
      const unsigned after = octal();
      exchange.modes_.push_back({unescaped(one), before, after});
    } else {
      const std::optional<Kind> kind = what == "place"     ? std::optional(Kind::Place)
                                       : what == "replace" ? std::optional(Kind::Replace)
                                       : what == "remove"  ? std::optional(Kind::Remove)
                                       : what == "rmdir"   ? std::optional(Kind::RemoveDirectory)
                                       : what == "none"    ? std::optional(Kind::None)
                                                           : std::nullopt;
      const unsigned number = octal();
      const bool has_area = kind != Kind::RemoveDirectory;
      if (!kind || (has_area && number >= exchange.areas_.size()))
        throw unfinished("its journal cannot be understood");
      exchange.steps_.push_back(
          {*kind, has_area ? number : 0, unescaped(one), has_area ? 0 : number});
    }
  }

  Error unfinished(const std::string& why) const {
    return Error(exchange.root_, "an exchange was interrupted here, and cannot be finished: " + why)
        .with_hint("build the release again, or start it once as the user who owns it");
  }

  // From here on it is to be undone, whoever does it.
  void turn_back() {
    if (::pwrite(fd, undo_word.data(), undo_word.size(), 0) !=
            static_cast<ssize_t>(undo_word.size()) ||
        ::fdatasync(fd) != 0)
      throw unfinished(std::strerror(errno));
  }

  void open_directories() const {
    for (const Mode& mode : exchange.modes_) {
      const fs::path path = exchange.root_ / mode.path;
      if (::chmod(path.c_str(), mode.before | owner_may_write) != 0 && errno != ENOENT)
        throw failed(path, errno);
    }
  }

  void close_directories(bool undone) const {
    for (auto mode = exchange.modes_.rbegin(); mode != exchange.modes_.rend(); ++mode) {
      const fs::path path = exchange.root_ / mode->path;
      if (::chmod(path.c_str(), undone ? mode->before : mode->after) != 0 && errno != ENOENT)
        throw failed(path, errno);
    }
  }

  void take(size_t number) const {
    const Step& step = exchange.steps_[number];
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
    const Step& step = exchange.steps_[number];
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
    for (size_t i = 0; i < exchange.steps_.size(); ++i)
      take(i);
    close_directories(false);
  }

  void take_all_back() const {
    open_directories();
    for (size_t i = exchange.steps_.size(); i-- > 0;)
      take_back(i);
    close_directories(true);
  }

  // Only when all is on the disk is what could undo it let go.
  void end() {
    exchange.sync();
    if (::unlink(path().c_str()) != 0) throw unfinished(std::strerror(errno));
    exchange.is_journaled_ = false;
  }
};

Exchange::Exchange(fs::path root, fs::path tool) : root_(std::move(root)), tool_(std::move(tool)) {}

Exchange::~Exchange() {
  if (is_journaled_) return;
  for (const fs::path& area : areas_) {
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
  const auto known = std::find(areas_.begin(), areas_.end(), area);
  if (known != areas_.end()) return static_cast<size_t>(known - areas_.begin());
  remove_tree(directory);
  make_directories(directory);
  areas_.push_back(area);
  return areas_.size() - 1;
}

fs::path Exchange::staged(size_t step) const {
  return root_ / areas_[steps_[step].area] / ("new." + std::to_string(step));
}

fs::path Exchange::old(size_t step) const {
  return root_ / areas_[steps_[step].area] / ("old." + std::to_string(step));
}

size_t Exchange::place(size_t area, std::string path) {
  steps_.push_back({Kind::Place, area, std::move(path), 0});
  return steps_.size() - 1;
}

size_t Exchange::replace(size_t area, std::string path) {
  steps_.push_back({Kind::Replace, area, std::move(path), 0});
  return steps_.size() - 1;
}

void Exchange::forget(size_t step) {
  steps_[step].kind = Kind::None;
}

bool Exchange::empty() const {
  return modes_.empty() && std::all_of(steps_.begin(), steps_.end(),
                                       [](const Step& step) { return step.kind == Kind::None; });
}

void Exchange::remove(size_t area, std::string path) {
  steps_.push_back({Kind::Remove, area, std::move(path), 0});
}

void Exchange::remove_directory(std::string path, unsigned mode) {
  steps_.push_back({Kind::RemoveDirectory, 0, std::move(path), mode});
}

void Exchange::change_mode(std::string path, unsigned before, unsigned after) {
  modes_.push_back({std::move(path), before, after});
}

// Each file system once.
void Exchange::sync() const {
  std::set<dev_t> synced;
  const auto sync_once = [&](const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && !synced.insert(status.st_dev).second) return;
    sync_file_system(path);
  };
  for (const fs::path& area : areas_)
    sync_once(root_ / area);
  sync_once(root_);
}

void Exchange::carry_out() {
  sync();
  Journal journal(*this);
  journal.write();
  try {
    journal.take_all();
  } catch (const Error&) {
    journal.turn_back();
    journal.take_all_back();
    journal.end();
    throw;
  }
  journal.end();
}

void finish_exchange(const fs::path& root) {
  Exchange exchange(root, {});
  Exchange::Journal journal(exchange);
  if (!journal.open()) return;
  exchange.is_journaled_ = true;
  if (journal.read()) {
    journal.take_all_back();
  } else {
    try {
      journal.take_all();
    } catch (const Error&) {
      journal.turn_back();
      journal.take_all_back();
    }
  }
  journal.end();
}

}  // namespace relmk::sys
