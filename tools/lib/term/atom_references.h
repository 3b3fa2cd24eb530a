// Terms of a message between connected nodes, in which ATOM_CACHE_REF stands for an atom of the
// message's header (ERTS User's Guide, "External Term Format", "Distribution Header").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relmk::term {

// Takes the first term off `bytes`, which has no version byte, and gives it as decode_external()
// takes it: with a version byte, and with each reference N replaced by the atom `atoms`[N], UTF-8.
// Throws Error for what is no term, and for one that becomes longer than `most` bytes.
std::string take_referring_term(std::string_view& bytes, const std::vector<std::string>& atoms,
                                size_t most = SIZE_MAX);

}  // namespace relmk::term
