#include "plan/planned_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "beam/beam_file.h"
#include "beam/strip.h"
#include "sys/error.h"
#include "sys/gzip.h"

namespace relmk::plan {
namespace {

void set_mode(const fs::path& path, unsigned mode) {
  if (::chmod(path.c_str(), mode) != 0)
    throw sys::system_error(path, "cannot change its mode", errno);
}

struct stat status_of(const fs::path& path, int flags) {
  struct stat status {};
  if (::fstatat(AT_FDCWD, path.c_str(), &status, flags) != 0)
    throw sys::system_error(path, "cannot read", errno);
  return status;
}

// As with relx's copies, no program runs as another user because its source did.
MadeFile make_copy(const PlannedFile& file, const fs::path& target) {
  constexpr unsigned kKeptBits = 01777;
  const sys::CopiedFile copied = sys::copy_regular_file(file.source, target, kKeptBits);
  if (!file.mode) return {copied.to, copied.from};
  set_mode(target, *file.mode);
  return {status_of(target, AT_SYMLINK_NOFOLLOW), copied.from};
}

// What Mix.Release.strip_beam/2 cannot read, Mix copies.
MadeFile make_chunks(const PlannedFile& file, const fs::path& target) {
  sys::ReadFile read = sys::read_file_and_status(file.source);
  std::string bytes;
  try {
    bytes = beam::beam_of_chunks(beam::BeamFile(file.source, std::move(read.bytes)), file.content);
  } catch (const Error&) {
    return make_copy(file, target);
  }
  if (file.kind == PlannedFile::Kind::CompressedChunks)
    bytes = sys::gzip(bytes, beam::kCompressionLevel);
  return {sys::create_file(target, bytes, file.mode.value_or(0644), &read.status), read.status};
}

MadeFile make_stripped(const PlannedFile& file, const fs::path& target) {
  constexpr size_t kIdSize = 4;
  sys::ReadFile read = sys::read_file_and_status(file.source);
  beam::StripOptions options;
  for (size_t at = 0; at + kIdSize <= file.content.size(); at += kIdSize)
    options.kept.push_back(file.content.substr(at, kIdSize));
  const std::string bytes =
      beam::stripped_beam(beam::BeamFile(file.source, std::move(read.bytes)), options);
  const unsigned mode = file.mode.value_or(read.status.st_mode & 07777);
  return {sys::create_file(target, bytes, mode, &read.status), read.status};
}

MadeFile make_written(const PlannedFile& file, const fs::path& target) {
  const unsigned mode = file.mode.value_or(0644);
  if (file.source.empty()) return {sys::create_file(target, written_bytes(file), mode), {}};
  // What is made for a source has its time, so that equal inputs give equal releases.
  const struct stat source = status_of(file.source, 0);
  return {sys::create_file(target, written_bytes(file), mode, &source), source};
}

}  // namespace

MadeFile make_planned_file(const PlannedFile& file, const fs::path& target) {
  switch (file.kind) {
    case PlannedFile::Kind::Copy:
      return make_copy(file, target);
    case PlannedFile::Kind::Strip:
      return make_stripped(file, target);
    case PlannedFile::Kind::Chunks:
    case PlannedFile::Kind::CompressedChunks:
      return make_chunks(file, target);
    case PlannedFile::Kind::Content:
    case PlannedFile::Kind::Computed:
      return make_written(file, target);
    case PlannedFile::Kind::Directory:
      if (::mkdir(target.c_str(), 0755) != 0)
        throw sys::system_error(target, "cannot create directory", errno);
      if (file.mode) set_mode(target, *file.mode);
      break;
    case PlannedFile::Kind::Link:
      if (::symlink(file.source.c_str(), target.c_str()) != 0)
        throw sys::system_error(target, "Unable to make a link here", errno);
      break;
  }
  return {status_of(target, AT_SYMLINK_NOFOLLOW), {}};
}

}  // namespace relmk::plan
