// A term as io_lib_pretty measures it: a tree of pieces that know their length on one line.
#pragma once

#include <string>
#include <vector>

#include "term/term.h"

namespace relmk::term {

struct Piece {
  enum class Kind { Text, List, Tuple, TaggedTuple, Map, Pair, Binary };
  Kind kind = Kind::Text;
  std::string text;          // Text only, UTF-8
  int length = 0;            // characters on one line
  std::vector<Piece> parts;  // elements, pairs, key and value, or a binary's segments
  bool is_improper = false;  // the last part is a list's tail

  bool is_text() const { return kind == Kind::Text; }
  // A pair both of whose sides are.
  bool is_atomic() const {
    return kind == Kind::Pair ? parts[0].is_text() && parts[1].is_text() : is_text();
  }
};

// `unicode` as in PrintOptions.
Piece pretty_piece(const Term& term, bool unicode);

}  // namespace relmk::term
