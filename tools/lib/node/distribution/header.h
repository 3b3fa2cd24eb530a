// The header of a message between connected nodes (ERTS User's Guide, "External Term Format",
// "Distribution Header"), which names atoms of the message: so they need not be looked up one by
// one. Without fragments.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relmk::node {

// A header with these atoms, UTF-8 and of up to 255 bytes each, no more than 255: atom N is what
// ATOM_CACHE_REF N stands for.
std::string encode_header(std::span<const std::string_view> atoms);

// The atoms that the node's headers have named.
class AtomCache {
 public:
  // Takes the header off a message: the atoms that its references stand for. Throws Error for what
  // is none.
  std::vector<std::string> take_header(std::string_view& message);

 private:
  std::map<size_t, std::string> atoms_;  // by segment and entry: 2,048 at most
};

}  // namespace relmk::node
