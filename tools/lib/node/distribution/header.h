// The header of a message between connected nodes (ERTS User's Guide, "External Term Format",
// "Distribution Header"), which names atoms of the message: so they need not be looked up one by
// one. Without fragments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relmk::node {

// Atoms as a header names them, no more than 255: of the Nth, which ATOM_CACHE_REF N stands for, a
// byte N, a byte that says how long it is, and its text, UTF-8.
struct NamedAtoms {
  std::string_view entries;
  size_t count = 0;
};

// A header with these atoms.
std::string encode_header(const NamedAtoms& atoms = {});

// The atoms that the node's headers have named.
class AtomCache {
 public:
  // Takes the header off a message: the atoms that its references stand for. Throws Error for what
  // is none.
  std::vector<std::string> take_header(std::string_view& message);

 private:
  std::vector<std::string> atoms_;  // by segment and entry: 2,048 at most
};

}  // namespace relmk::node
