// BEAM files without what only a debugger needs, as relx ships them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "beam/beam_file.h"
#include "sys/files.h"

namespace relmk::beam {

// Of libdeflate: the lowest level that makes files no larger than those of beam_lib, which are of
// zlib's default level (5,075,525 bytes for 5,079,113, over the 671 stripped files of OTP 25), in a
// third of its time. Level 5 makes 1.3 % less, and takes a seventh longer.
inline constexpr int kCompressionLevel = 4;

struct StripOptions {
  // Chunks to keep besides those that the VM needs. relx keeps the attributes.
  std::vector<std::string> kept = {"Attr"};
};

// The bytes that stand for a BEAM file when it is stripped: after decompression those of
// beam_lib:strip_release/2, gzip-compressed as there.
std::string stripped_beam(const BeamFile& file, const StripOptions& options = {});

// The bytes of a BEAM file that holds the chunks of `file` whose ids, of four characters each,
// stand in `ids`, in that order: beam_lib:build_module/1 of them. Those that `file` lacks are
// passed over.
std::string beam_of_chunks(const BeamFile& file, std::string_view ids);

// Strips files in place, on all processors: each is replaced whole and keeps its mode, a read-only
// one too. Throws Error; files done before stay stripped.
void strip_beam_files(const std::vector<fs::path>& files, const StripOptions& options = {});

// Every regular file *.beam below a directory, sorted. Links are neither listed nor followed.
std::vector<fs::path> beam_files_below(const fs::path& directory);

}  // namespace relmk::beam
