#include "beam/strip.h"

#include <algorithm>
#include <utility>

#include "sys/error.h"
#include "sys/gzip.h"
#include "sys/workers.h"

namespace relmk::beam {

std::string stripped_beam(const BeamFile& file, const StripOptions& options) {
  return sys::gzip(file.stripped(options.kept), kCompressionLevel);
}

std::string beam_of_chunks(const BeamFile& file, std::string_view ids) {
  std::vector<std::string_view> wanted;
  for (size_t at = 0; at + 4 <= ids.size(); at += 4)
    wanted.push_back(ids.substr(at, 4));
  return file.of_chunks(wanted);
}

void strip_beam_files(const std::vector<fs::path>& files, const StripOptions& options) {
  sys::for_each_parallel(files.size(), [&](size_t i) {
    sys::ReadFile read = sys::read_file_and_status(files[i]);
    const BeamFile file(files[i].string(), std::move(read.bytes));
    sys::write_file(files[i], stripped_beam(file, options), read.status.st_mode & 07777);
  });
}

std::vector<fs::path> beam_files_below(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator at(directory, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (!at->is_symlink() && at->is_regular_file() && at->path().extension() == ".beam")
      files.push_back(at->path());
  }
  if (error) throw sys::system_error(directory.string(), "cannot list", error.value());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace relmk::beam
