// The external term format (ERTS User's Guide, "External Term Format"), both ways.
#pragma once

#include <string>
#include <string_view>

#include "term/term.h"

namespace relmk::term {

struct ExternalOptions {
  // How atoms are encoded. OTP 26 and later write UTF-8 ones; before, those that are Latin-1 went
  // as ATOM_EXT (`latin1_atoms`).
  bool latin1_atoms = false;
};

// term_to_binary(Term), with its version byte. Throws Error for a fun of ours. (Maps are written in
// the order of their keys, as OTP does up to 32 keys; OTP 26 and later have an order of atoms that
// only the running VM knows.)
std::string encode_external(const Term& term, const ExternalOptions& options = {});

// How many terms are read in one, itself and each character of a string counted.
inline constexpr size_t kMostExternalParts = 20'000'000;

// binary_to_term(Bytes), compressed ones too; bytes after the term are ignored, as there. Pids,
// ports, references and funs become opaque terms that print as Erlang prints them and encode to the
// bytes that they came from; fun M:F/A becomes an ExternalFun. Throws Error with the offset of what
// is wrong, or of where there are more than kMostExternalParts terms in the term.
Term decode_external(std::string_view bytes);

// What becomes of terms that are nested deeper than kDeepestTerm.
enum class DeepTerms {
  Refused,  // an Error
  Opaque,   // each is one opaque term, prints as `...`, and encodes to the bytes that it came from
};

// The same for the first of several terms that stand one after the other, each with its version
// byte: takes it off `bytes`.
Term take_external(std::string_view& bytes, DeepTerms deep = DeepTerms::Refused);

// A term that is only sent on: it encodes to `external`, whose version byte is not looked at nor
// what follows, and prints as `...`. What is known when relmk is compiled need not be decoded
// first.
Term encoded_term(std::string_view external);

}  // namespace relmk::term
