#include "relx/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "relx/plan.h"
#include "sys/error.h"
#include "sys/workers.h"

namespace relmk {

namespace {

// The size of a member is part of the result: it must not depend on the machine.
constexpr size_t member_size = 1 << 20;
constexpr size_t members_at_once = 16;
constexpr int compression_level = 6;
constexpr int64_t default_time = 315532800;  // 1980-01-01

// A file beside `target` that takes its place, or goes.
class Replacement {
 public:
  explicit Replacement(const fs::path& target)
      : target_(target), name_(target.native() + ".XXXXXX") {
    fd_ = ::mkostemp(name_.data(), O_CLOEXEC);
    if (fd_ < 0) throw system_error(target_, "cannot write", errno);
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() {
    if (fd_ >= 0) ::close(fd_);
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  void write(const std::string& bytes) {
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::write(fd_, bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw system_error(target_, "cannot write", errno);
      done += static_cast<size_t>(n);
    }
  }

  void commit() {
    const int fd = std::exchange(fd_, -1);
    if (::fchmod(fd, 0644) != 0 || ::fsync(fd) != 0) {
      const int error = errno;
      ::close(fd);
      throw system_error(target_, "cannot write", error);
    }
    if (::close(fd) != 0 || ::rename(name_.c_str(), target_.c_str()) != 0)
      throw system_error(target_, "cannot write", errno);
    name_.clear();
  }

 private:
  fs::path target_;
  std::string name_;
  int fd_ = -1;
};

std::string gzip_member(const std::string& bytes) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(compression_level), libdeflate_free_compressor);
  if (!compressor) throw std::bad_alloc();
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

// Takes the tar stream and writes it compressed.
class Compression {
 public:
  explicit Compression(Replacement& file) : file_(file) { pieces_.reserve(members_at_once); }

  void add(std::string_view bytes) {
    while (!bytes.empty()) {
      if (pieces_.empty() || pieces_.back().size() == member_size) {
        if (pieces_.size() == members_at_once) flush();
        pieces_.emplace_back().reserve(member_size);
      }
      std::string& piece = pieces_.back();
      const std::string_view part = bytes.substr(0, member_size - piece.size());
      piece += part;
      bytes.remove_prefix(part.size());
    }
  }

  void flush() {
    for_each_parallel(pieces_.size(), [&](size_t i) { pieces_[i] = gzip_member(pieces_[i]); });
    for (const std::string& piece : pieces_)
      file_.write(piece);
    pieces_.clear();
  }

 private:
  Replacement& file_;
  std::vector<std::string> pieces_;
};

class File {
 public:
  explicit File(const fs::path& path)
      : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0 || ::fstat(fd_, &status_) != 0) {
      const int error = errno;
      if (fd_ >= 0) ::close(fd_);
      throw system_error(path, "cannot read", error);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(fd_); }

  const struct stat& status() const { return status_; }

  // 0 at the end.
  size_t read(std::string& buffer) const {
    for (;;) {
      const ssize_t n = ::read(fd_, buffer.data(), buffer.size());
      if (n >= 0) return static_cast<size_t>(n);
      if (errno != EINTR) throw system_error(path_, "cannot read", errno);
    }
  }

 private:
  fs::path path_;
  int fd_;
  struct stat status_ {};
};

class TarWriter {
 public:
  TarWriter(const fs::path& target, int64_t time)
      : file_(target), compression_(file_), archive_(archive_write_new()), time_(time) {
    if (!archive_) throw std::bad_alloc();
    // In this format a name is bytes, whatever the locale.
    check(archive_write_set_format_gnutar(archive_.get()));
    check(archive_write_set_bytes_in_last_block(archive_.get(), 1));
    check(archive_write_open(archive_.get(), this, nullptr, &TarWriter::write_block, nullptr));
  }

  void add(const TarEntry& entry) {
    const File source(entry.source);
    const bool is_directory = S_ISDIR(source.status().st_mode);
    if (!is_directory && !S_ISREG(source.status().st_mode))
      throw Error(entry.source, "neither a file nor a directory");
    const auto size = is_directory ? 0 : source.status().st_size;
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> header(archive_entry_new(),
                                                                          archive_entry_free);
    if (!header) throw std::bad_alloc();
    archive_entry_set_pathname(header.get(), entry.path.c_str());
    archive_entry_set_filetype(header.get(), is_directory ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(header.get(), entry.mode & 07777);
    archive_entry_set_size(header.get(), size);
    archive_entry_set_mtime(header.get(), time_, 0);
    check(archive_write_header(archive_.get(), header.get()));
    if (!is_directory) add_content(entry.source, source, static_cast<size_t>(size));
  }

  void commit() {
    check(archive_write_close(archive_.get()));
    compression_.flush();
    file_.commit();
  }

 private:
  struct Free {
    // What is not closed by now has failed: nothing more is to be written.
    void operator()(archive* handle) const {
      archive_write_fail(handle);
      archive_write_free(handle);
    }
  };

  void add_content(const fs::path& path, const File& source, size_t size) {
    size_t total = 0;
    for (size_t n; (n = source.read(buffer_)) > 0; total += n) {
      if (total + n > size) break;
      const la_ssize_t written = archive_write_data(archive_.get(), buffer_.data(), n);
      if (written < 0) fail();
    }
    if (total != size) throw Error(path, "has changed while it was packed");
  }

  // What libarchive calls; exceptions must not pass through it.
  static la_ssize_t write_block(archive* handle, void* self, const void* bytes, size_t size) {
    auto* writer = static_cast<TarWriter*>(self);
    try {
      writer->compression_.add({static_cast<const char*>(bytes), size});
      return static_cast<la_ssize_t>(size);
    } catch (...) {
      writer->failure_ = std::current_exception();
      archive_set_error(handle, EIO, "cannot write");
      return -1;
    }
  }

  void check(int result) {
    if (result < ARCHIVE_WARN || failure_) fail();
  }
  [[noreturn]] void fail() {
    if (failure_) std::rethrow_exception(failure_);
    const char* text = archive_error_string(archive_.get());
    throw Error(std::string("cannot pack: ") + (text == nullptr ? "unknown reason" : text));
  }

  Replacement file_;
  Compression compression_;
  std::exception_ptr failure_;  // of write_block()
  std::unique_ptr<archive, Free> archive_;
  int64_t time_;
  std::string buffer_ = std::string(1 << 16, '\0');
};

void check_path(const std::string& path) {
  if (path.empty() || path[0] == '/' || path_in_release(path) != path)
    throw Error(path + ": a path that leaves the archive's root");
}

}  // namespace

int64_t archive_time() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr || *text == '\0') return default_time;
  int64_t time = 0;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, time);
  if (error != std::errc() || stop != end || time < 0)
    throw Error(std::string("SOURCE_DATE_EPOCH is no number of seconds: ") + text);
  return time;
}

void write_tar_gz(const fs::path& target, std::vector<TarEntry> entries, int64_t time) {
  for (const TarEntry& entry : entries)
    check_path(entry.path);
  std::sort(entries.begin(), entries.end(),
            [](const TarEntry& a, const TarEntry& b) { return a.path < b.path; });
  TarWriter tar(target, time);
  for (const TarEntry& entry : entries)
    tar.add(entry);
  tar.commit();
}

}  // namespace relmk
