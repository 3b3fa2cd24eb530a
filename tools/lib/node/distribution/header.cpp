#include "node/distribution/header.h"

#include "node/distribution/bytes.h"
#include "sys/error.h"

namespace relmk::node {
namespace {

constexpr char kHeaderVersion = static_cast<char>(131);
constexpr char kHeaderTag = 68;
constexpr unsigned kNewEntry = 8;  // beside three bits of the entry's segment
constexpr unsigned kLongAtoms = 1;

[[noreturn]] void fail() {
  throw Error("malformed distribution header");
}

uint64_t take_number(std::string_view& bytes, size_t size) {
  if (bytes.size() < size) fail();
  const uint64_t number = number_at(bytes, 0, size);
  bytes.remove_prefix(size);
  return number;
}

}  // namespace

// Each atom has four bits of flags, the first in the lower half of the first byte; those after the
// last atom's are the message's.
std::string encode_header(const NamedAtoms& atoms) {
  std::string header{kHeaderVersion, kHeaderTag};
  append_number(header, atoms.count, 1);
  if (atoms.count == 0) return header;
  header.append(atoms.count / 2, static_cast<char>(kNewEntry | kNewEntry << 4));
  append_number(header, atoms.count % 2 == 0 ? 0 : kNewEntry, 1);
  return header.append(atoms.entries);
}

std::vector<std::string> AtomCache::take_header(std::string_view& message) {
  if (message.size() < 3 || message[0] != kHeaderVersion || message[1] != kHeaderTag) fail();
  message.remove_prefix(2);
  const size_t count = take_number(message, 1);
  std::vector<std::string> atoms;
  if (count == 0) return atoms;
  if (message.size() < count / 2 + 1) fail();
  const std::string_view flags = message.substr(0, count / 2 + 1);
  message.remove_prefix(flags.size());
  const auto flags_of = [&](size_t i) {
    return static_cast<unsigned>(number_at(flags, i / 2, 1)) >> (4 * (i % 2)) & 15;
  };
  const size_t length_size = (flags_of(count) & kLongAtoms) != 0 ? 2 : 1;
  for (size_t i = 0; i < count; ++i) {
    const size_t entry = (flags_of(i) & 7) * 256 + take_number(message, 1);
    if (entry >= atoms_.size()) atoms_.resize(entry + 1);
    std::string& atom = atoms_[entry];
    if ((flags_of(i) & kNewEntry) != 0) {
      const size_t length = take_number(message, length_size);
      if (length > message.size()) fail();
      atom = message.substr(0, length);
      message.remove_prefix(length);
    }
    atoms.push_back(atom);
  }
  return atoms;
}

}  // namespace relmk::node
