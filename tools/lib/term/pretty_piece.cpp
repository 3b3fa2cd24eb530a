#include "term/pretty_piece.h"

#include <algorithm>
#include <string_view>

#include "sys/utf8.h"
#include "term/print.h"

namespace relmk::term {
namespace {

int characters(std::string_view utf8_text) {
  return static_cast<int>(
      std::count_if(utf8_text.begin(), utf8_text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

Piece text_piece(std::string text) {
  Piece piece;
  piece.length = characters(text);
  piece.text = std::move(text);
  return piece;
}

// Printable in the VM's default range, Latin-1.
bool is_printable(char32_t c) {
  return (c >= ' ' && c <= '~') || (c >= 0xa0 && c <= 0xff) || (c >= 8 && c <= 13) || c == 0x1b;
}

bool is_printable_list(const Term& list) {
  if (list.tail() != nullptr) return false;
  return std::all_of(list.elements().begin(), list.elements().end(), [](const Term& c) {
    return c.is_small_integer() && c.as_integer() >= 0 && c.as_integer() <= 0xff &&
           is_printable(static_cast<char32_t>(c.as_integer()));
  });
}

// A binary's text where all of it is printable: UTF-8 first if `unicode`, then Latin-1.
struct BinaryText {
  bool is_text = false;
  bool is_utf8 = false;  // has characters of several bytes
  std::u32string text;
};

BinaryText binary_text(const std::string& bytes, bool unicode) {
  BinaryText result;
  bool is_valid = unicode;
  for (std::string_view rest = bytes; is_valid && !rest.empty();) {
    const sys::Utf8Character c = sys::utf8_character(rest);
    is_valid = c.size > 0;
    result.text += c.code_point;
    rest.remove_prefix(c.size);
  }
  if (!is_valid) result.text = sys::latin1_code_points(bytes);
  result.is_text = std::all_of(result.text.begin(), result.text.end(), is_printable);
  result.is_utf8 = result.text.size() < bytes.size();
  return result;
}

class PieceMaker {
 public:
  explicit PieceMaker(bool unicode) : unicode_(unicode) {}
  Piece piece(const Term& term) const;

 private:
  Piece list(const Term& list) const;
  Piece tuple(const Term& tuple) const;
  Piece map(const Term& map) const;
  Piece bitstring(const Term& bits) const;
  bool unicode_;
};

Piece PieceMaker::piece(const Term& term) const {
  switch (term.kind()) {
    case TermKind::List:
      return list(term);
    case TermKind::Tuple:
      return tuple(term);
    case TermKind::Map:
      return map(term);
    case TermKind::Bitstring:
      return bitstring(term);
    default:
      return text_piece(print_plain(term, unicode_));
  }
}

Piece PieceMaker::list(const Term& list) const {
  if (list.is_nil()) return text_piece("[]");
  if (is_printable_list(list)) {
    std::u32string text;
    for (const Term& c : list.elements())
      text += static_cast<char32_t>(c.as_integer());
    return text_piece(print_quoted(text, '"', unicode_));
  }
  Piece result;
  result.kind = Piece::Kind::List;
  result.parts.reserve(list.elements().size());
  for (const Term& element : list.elements())
    result.parts.push_back(piece(element));
  result.is_improper = list.tail() != nullptr;
  if (result.is_improper) result.parts.push_back(piece(*list.tail()));
  result.length = 1 + static_cast<int>(result.parts.size());
  for (const Piece& part : result.parts)
    result.length += part.length;
  return result;
}

Piece PieceMaker::tuple(const Term& tuple) const {
  const Terms& elements = tuple.elements();
  if (elements.empty()) return text_piece("{}");
  Piece result;
  const bool is_tagged = elements[0].is_atom() && elements.size() > 1;
  result.kind = is_tagged ? Piece::Kind::TaggedTuple : Piece::Kind::Tuple;
  result.parts.reserve(elements.size());
  result.length = 1 + static_cast<int>(elements.size());
  for (const Term& element : elements) {
    result.parts.push_back(piece(element));
    result.length += result.parts.back().length;
  }
  return result;
}

Piece PieceMaker::map(const Term& map) const {
  if (map.entries().empty()) return text_piece("#{}");
  constexpr int kArrow = 4;  // ` => `
  Piece result;
  result.kind = Piece::Kind::Map;
  result.length = 2 + static_cast<int>(map.entries().size());
  for (const Term::MapEntry& entry : map.entries()) {
    Piece pair;
    pair.kind = Piece::Kind::Pair;
    pair.parts = {piece(entry.first), piece(entry.second)};
    pair.length = pair.parts[0].length + kArrow + pair.parts[1].length;
    result.length += pair.length;
    result.parts.push_back(std::move(pair));
  }
  return result;
}

Piece PieceMaker::bitstring(const Term& bits) const {
  if (bits.bit_size() == 0) return text_piece("<<>>");
  if (bits.is_binary()) {
    const BinaryText shown = binary_text(bits.bytes(), unicode_);
    if (shown.is_text)
      return text_piece("<<" + print_quoted(shown.text, '"', true) +
                        (shown.is_utf8 ? "/utf8>>" : ">>"));
  }
  Piece result;
  result.kind = Piece::Kind::Binary;
  result.length = 4;
  for (std::string& segment : print_segments(bits)) {
    result.parts.push_back(text_piece(std::move(segment)));
    result.length += result.parts.back().length;
  }
  return result;
}

}  // namespace

Piece pretty_piece(const Term& term, bool unicode) {
  return PieceMaker(unicode).piece(term);
}

}  // namespace relmk::term
