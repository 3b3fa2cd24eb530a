// The tar stream goes to a file without a name, which is then compressed as one piece: libdeflate
// does that faster than zlib does on two processors. OTP's erl_tar reads the first member of a gzip
// file and no more, so it cannot be compressed in several pieces, each a member of its own.
#include "plan/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <new>
#include <utility>

#include "plan/plan.h"
#include "sys/error.h"
#include "sys/new_file.h"

namespace relmk::plan {

namespace {

constexpr int kCompressionLevel = 6;
constexpr int64_t kDefaultTime = 315532800;  // 1980-01-01

size_t size_of(const sys::NewFile& file) {
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0)
    throw sys::system_error(file.target(), "cannot write", errno);
  return static_cast<size_t>(status.st_size);
}

// Makes room on the disk, so that what is written to a mapping of the file has a place.
void reserve(const sys::NewFile& file, size_t size) {
  if (const int error = ::posix_fallocate(file.descriptor(), 0, static_cast<off_t>(size)))
    throw sys::system_error(file.target(), "cannot write", error);
}

// Puts a file of this size in its place, once it is on the disk.
void place(sys::NewFile& file, size_t size) {
  if (::ftruncate(file.descriptor(), static_cast<off_t>(size)) != 0 ||
      ::fsync(file.descriptor()) != 0)
    throw sys::system_error(file.target(), "cannot write", errno);
  file.take_place(0644);
}

class Mapping {
 public:
  Mapping(const sys::NewFile& file, size_t size) : size_(size) {
    bytes_ = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor(), 0);
    if (bytes_ == MAP_FAILED) throw sys::system_error("", "cannot map a file", errno);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { ::munmap(bytes_, size_); }

  void* bytes() const { return bytes_; }
  size_t size() const { return size_; }

 private:
  void* bytes_;
  size_t size_;
};

// Writes `tar` gzipped into `packed`, and returns the size of that.
size_t compress(const sys::NewFile& tar, sys::NewFile& packed) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(kCompressionLevel), libdeflate_free_compressor);
  if (!compressor) throw std::bad_alloc();
  const Mapping from(tar, size_of(tar));
  const size_t bound = libdeflate_gzip_compress_bound(compressor.get(), from.size());
  reserve(packed, bound);
  const Mapping to(packed, bound);
  return libdeflate_gzip_compress(compressor.get(), from.bytes(), from.size(), to.bytes(), bound);
}

class File {
 public:
  explicit File(const fs::path& path)
      : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (fd_ < 0 || ::fstat(fd_, &status_) != 0) {
      const int error = errno;
      if (fd_ >= 0) ::close(fd_);
      throw sys::system_error(path, "cannot read", error);
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
      if (errno != EINTR) throw sys::system_error(path_, "cannot read", errno);
    }
  }

 private:
  fs::path path_;
  int fd_;
  struct stat status_ {};
};

// Writes a tar stream to an open file.
class TarWriter {
 public:
  TarWriter(const sys::NewFile& file, int64_t time)
      : file_(file), archive_(archive_write_new()), time_(time) {
    if (!archive_) throw std::bad_alloc();
    // In this format a name is bytes, whatever the locale.
    check(archive_write_set_format_gnutar(archive_.get()));
    check(archive_write_set_bytes_in_last_block(archive_.get(), 1));
    check(archive_write_open_fd(archive_.get(), file.descriptor()));
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

  void close() { check(archive_write_close(archive_.get())); }

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
    for (size_t n; total <= size && (n = source.read(buffer_)) > 0; total += n) {
      if (archive_write_data(archive_.get(), buffer_.data(), n) < 0) check(ARCHIVE_FATAL);
    }
    if (total != size) throw Error(path, "has changed while it was packed");
  }

  void check(int result) {
    if (result >= ARCHIVE_WARN) return;
    // Of what the system refuses, libarchive's own text says only that.
    if (const int error = archive_errno(archive_.get()); error > 0)
      throw sys::system_error(file_.target(), "cannot pack", error);
    const char* text = archive_error_string(archive_.get());
    throw Error(file_.target(),
                std::string("cannot pack: ") + (text == nullptr ? "unknown reason" : text));
  }

  const sys::NewFile& file_;
  std::unique_ptr<archive, Free> archive_;
  int64_t time_;
  std::string buffer_ = std::string(1 << 16, '\0');
};

void check_path(const std::string& path) {
  if (path.empty() || path[0] == '/' || path_in_release(path) != path)
    throw Error(path + ": a path that leaves the archive's root");
}

}  // namespace

int64_t archive_time(const sys::Environment& environment) {
  const std::string& text = sys::variable(environment, "SOURCE_DATE_EPOCH");
  if (text.empty()) return kDefaultTime;
  int64_t time = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, time);
  if (error != std::errc() || stop != end || time < 0)
    throw Error("SOURCE_DATE_EPOCH is no number of seconds: " + text);
  return time;
}

void write_tar_gz(const fs::path& target, std::vector<TarEntry> entries, int64_t time,
                  const std::function<void()>& before_placing) {
  for (const TarEntry& entry : entries)
    check_path(entry.path);
  std::sort(entries.begin(), entries.end(),
            [](const TarEntry& a, const TarEntry& b) { return a.path < b.path; });
  sys::NewFile stream(target);
  stream.drop_name();
  TarWriter tar(stream, time);
  for (const TarEntry& entry : entries)
    tar.add(entry);
  tar.close();
  sys::NewFile packed(target);
  const size_t size = compress(stream, packed);
  if (before_placing) before_placing();
  place(packed, size);
}

}  // namespace relmk::plan
