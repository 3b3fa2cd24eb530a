#include "sys/gzip.h"

#include <fmt/core.h>
#include <libdeflate.h>

#include <map>
#include <memory>

#include "sys/error.h"

namespace relmk::sys {

namespace {

using Compressor = std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)>;
using Decompressor =
    std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>;

// To make one costs as much as to compress a small file, so each thread keeps its own.
libdeflate_compressor* compressor_of(int level) {
  thread_local std::map<int, Compressor> compressors;
  auto at = compressors.find(level);
  if (at == compressors.end()) {
    Compressor made(libdeflate_alloc_compressor(level), libdeflate_free_compressor);
    at = compressors.emplace(level, std::move(made)).first;
  }
  return at->second.get();
}

// Enough of the input for so much output; a size that can't be right is not allocated.
bool is_plausible(size_t packed, size_t size) {
  constexpr size_t kBestRatio = 1032;  // of deflate
  return size / kBestRatio <= packed;
}

libdeflate_decompressor* decompressor() {
  thread_local const Decompressor decompressor(libdeflate_alloc_decompressor(),
                                               libdeflate_free_decompressor);
  return decompressor.get();
}

}  // namespace

std::string gzip(std::string_view bytes, int level) {
  libdeflate_compressor* const compressor = compressor_of(level);
  std::string out(libdeflate_gzip_compress_bound(compressor, bytes.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor, bytes.data(), bytes.size(), out.data(), out.size()));
  return out;
}

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

std::string gunzip(std::string_view bytes, size_t limit) {
  constexpr size_t kLeast = 18;  // header and trailer
  if (bytes.size() < kLeast) throw Error("broken gzip data");
  // The last four bytes are the content's size, lowest first.
  size_t size = 0;
  for (const char c : {bytes.end()[-1], bytes.end()[-2], bytes.end()[-3], bytes.end()[-4]})
    size = size << 8 | static_cast<unsigned char>(c);
  if (!is_plausible(bytes.size(), size)) throw Error("broken gzip data");
  if (size > limit) throw Error(fmt::format("gzip data that hold more than {} MiB", limit >> 20));
  std::string out(size, '\0');
  const auto result = libdeflate_gzip_decompress(decompressor(), bytes.data(), bytes.size(),
                                                 out.data(), size, nullptr);
  if (result != LIBDEFLATE_SUCCESS) throw Error("broken gzip data");
  return out;
}

std::string zlib_inflate(std::string_view& zlib, size_t size) {
  constexpr size_t kLargest = size_t{256} << 20;
  if (!is_plausible(zlib.size(), size)) return {};
  if (size > kLargest)
    throw Error(fmt::format("compressed data that hold more than {} MiB", kLargest >> 20));
  std::string out(size, '\0');
  size_t used = 0;
  const auto result = libdeflate_zlib_decompress_ex(decompressor(), zlib.data(), zlib.size(),
                                                    out.data(), size, &used, nullptr);
  if (result != LIBDEFLATE_SUCCESS) return {};
  zlib.remove_prefix(used);
  return out;
}

}  // namespace relmk::sys
