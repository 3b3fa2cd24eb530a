// BEAM files for the tests of this room: OTP's own, and small ones from their chunks.
#pragma once

#include <string>

#include "beam/beam_file.h"
#include "otp/application/installation.h"
#include "sys/environment.h"
#include "sys/wildcard.h"

namespace relmk::beam {

// The first file that a pattern matches in OTP's lib: "stdlib-*/ebin/lists.beam".
inline fs::path otp_module_file(const std::string& pattern) {
  const fs::path lib = otp::find_installation(sys::process_environment()).lib;
  return lib / sys::wildcard(pattern, lib).front();
}

inline std::string big_endian(size_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift);
  return out;
}

inline std::string chunk_bytes(const std::string& id, const std::string& data) {
  return id + big_endian(data.size()) + data + std::string((4 - data.size() % 4) % 4, '\0');
}

inline std::string beam_bytes(const std::string& chunks) {
  return "FOR1" + big_endian(chunks.size() + 4) + "BEAM" + chunks;
}

}  // namespace relmk::beam
