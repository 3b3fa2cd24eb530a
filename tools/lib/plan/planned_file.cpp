#include "plan/planned_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "beam/strip.h"
#include "sys/error.h"
#include "sys/gzip.h"

namespace relmk::plan {
namespace {

constexpr int kCompression = 5;  // libdeflate's level, as for stripped files

void set_mode(const fs::path& path, unsigned mode) {
  if (::chmod(path.c_str(), mode) != 0)
    throw sys::system_error(path, "cannot change its mode", errno);
}

struct stat status_of(const fs::path& source) {
  struct stat status {};
  if (::stat(source.c_str(), &status) != 0) throw sys::system_error(source, "cannot read", errno);
  return status;
}

// What is made of a source keeps its time, so that equal inputs give equal releases.
void take_times(const fs::path& target, const struct stat& status) {
  const timespec times[2] = {status.st_atim, status.st_mtim};
  if (::utimensat(AT_FDCWD, target.c_str(), times, 0) != 0) {
    throw sys::system_error(target, "cannot write", errno);
  }
}

// As with relx's copies, no program runs as another user because its source did.
void drop_foreign_user(const fs::path& target) {
  const unsigned mode = status_of(target).st_mode;
  if ((mode & (S_ISUID | S_ISGID)) != 0) set_mode(target, mode & 01777);
}

// What Mix.Release.strip_beam/2 cannot read, Mix copies.
void make_chunks(const PlannedFile& file, const fs::path& target) {
  const struct stat status = status_of(file.source);
  std::string bytes;
  try {
    bytes = beam::beam_of_chunks(file.source, file.content);
  } catch (const Error&) {
    sys::copy_regular_file(file.source, target);
    return;
  }
  const bool compressed = file.kind == PlannedFile::Kind::CompressedChunks;
  sys::create_file(target, compressed ? sys::gzip(bytes, kCompression) : bytes, 0644);
  take_times(target, status);
}

void make_stripped(const PlannedFile& file, const fs::path& target) {
  constexpr size_t kIdSize = 4;
  const struct stat status = status_of(file.source);
  beam::StripOptions options;
  for (size_t at = 0; at + kIdSize <= file.content.size(); at += kIdSize)
    options.kept.push_back(file.content.substr(at, kIdSize));
  sys::create_file(target, beam::stripped_beam(file.source, options), status.st_mode & 07777);
  take_times(target, status);
}

}  // namespace

void make_planned_file(const PlannedFile& file, const fs::path& target) {
  switch (file.kind) {
    case PlannedFile::Kind::Directory:
      if (::mkdir(target.c_str(), 0755) != 0) {
        throw sys::system_error(target, "cannot create directory", errno);
      }
      break;
    case PlannedFile::Kind::Copy:
      sys::copy_regular_file(file.source, target);
      drop_foreign_user(target);
      break;
    case PlannedFile::Kind::Strip:
      make_stripped(file, target);
      break;
    case PlannedFile::Kind::Chunks:
    case PlannedFile::Kind::CompressedChunks:
      make_chunks(file, target);
      break;
    case PlannedFile::Kind::Content:
    case PlannedFile::Kind::Computed:
      sys::create_file(target, written_bytes(file), file.mode.value_or(0644));
      if (!file.source.empty()) take_times(target, status_of(file.source));
      return;
    case PlannedFile::Kind::Link:
      if (::symlink(file.source.c_str(), target.c_str()) != 0) {
        throw sys::system_error(target, "Unable to make a link here", errno);
      }
      return;
  }
  if (file.mode) set_mode(target, *file.mode);
}

}  // namespace relmk::plan
