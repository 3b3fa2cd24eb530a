// Tarballs that are the same bytes for the same files: sorted, owned by 0:0, all of one time, and
// without the time of packing (tar: GNU's format; gzip: RFC 1952).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::plan {

struct TarEntry {
  std::string path;      // in the archive, relative
  fs::path source;       // a regular file, or a directory, of which only the name is packed
  unsigned mode = 0644;  // permission bits
};

// The time that everything in an archive gets, in seconds since 1970: $SOURCE_DATE_EPOCH, else
// 1980-01-01, since GNU tar warns of what seems to be older. Throws Error when that variable holds
// no number.
int64_t archive_time(const sys::Environment& environment);

// Writes `entries` as TARGET, a gzipped tar file: beside it first, then renamed, so that an old one
// stays as it was when anything fails; one process at a time. Takes room on that disk for the
// uncompressed stream meanwhile. Throws Error for a file that cannot be read or changes while it
// is, and for a path that is absolute or holds `..`.
// `before_placing` is called when all else is done; where it throws, the old one stays, too.
void write_tar_gz(const fs::path& target, std::vector<TarEntry> entries, int64_t time,
                  const std::function<void()>& before_placing = {});

}  // namespace relmk::plan
