// A look into a term in the external term format, without decoding it: for terms that are large,
// or nested more deeply than a Term may be, and of which little is wanted.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "term/term.h"

namespace relmk::term {

// The bytes of a term without its version byte, inflated where they were compressed. Throws Error.
std::string inflated_external(std::string_view bytes);

// A term within bytes that outlive it, which begin with the term's tag (no version byte). What asks
// for a part of the term throws Error where the bytes are no term.
class ExternalView {
 public:
  explicit ExternalView(std::string_view bytes) : bytes_(bytes) {}

  bool is_atom() const;
  bool is_atom(std::string_view text) const { return is_atom() && atom_text() == text; }
  bool is_tuple() const;
  bool is_tuple(uint32_t arity) const { return is_tuple() && size() == arity; }
  // {Tag, …} with that many elements (0: any number).
  bool is_tagged(std::string_view tag, uint32_t arity = 0) const;
  // [], or a list that is not encoded as a string of bytes.
  bool is_list() const;

  Atom atom() const;
  // As encoded: an atom that is not UTF-8 is Latin-1.
  std::string_view atom_text() const;
  std::optional<int64_t> integer() const;      // of up to 32 bits
  uint32_t size() const;                       // elements of a tuple or list, before its tail
  ExternalView element(uint32_t index) const;  // of a tuple or list, from 0
  // The elements of a tuple or list one after the other; costs less than element() for each.
  ExternalView first() const;
  // The length of what belongs to the term itself, its tag included, and how many terms follow as
  // its parts. ATOM_CACHE_REF is a term, too, and may name the node of a pid, port or reference; a
  // fun has its parts in its own length.
  struct Head {
    size_t length = 0;
    uint64_t parts = 0;
  };
  Head head() const { return head(0); }
  // What follows this term in the bytes.
  ExternalView next() const;
  // This term's own bytes.
  std::string_view bytes() const;
  // These, and all that follows them: found without a walk through the term.
  std::string_view rest() const { return bytes_; }

  // Calls `visit` with module, function and arity of each fun M:F/A in the term.
  void for_each_external_fun(
      const std::function<void(const ExternalView&, const ExternalView&, int64_t)>& visit) const;

 private:
  uint32_t number(size_t at, int size) const;
  Head head(size_t at) const;
  size_t pass_usual(size_t at, uint64_t& left) const;
  size_t identifier_length(size_t at) const;
  uint8_t tag() const { return static_cast<uint8_t>(number(0, 1)); }

  std::string_view bytes_;
};

}  // namespace relmk::term
