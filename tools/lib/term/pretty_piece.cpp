#include "term/pretty_piece.h"

#include <algorithm>
#include <optional>
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

// Calls `take` with each character until it says no: false then, and where the bytes are no UTF-8.
template <typename Take>
bool take_characters(std::string_view bytes, bool is_utf8, Take take) {
  while (!bytes.empty()) {
    sys::Utf8Character c{static_cast<unsigned char>(bytes.front()), 1};
    if (is_utf8) c = sys::utf8_character(bytes);
    if (c.size == 0 || !take(c.code_point)) return false;
    bytes.remove_prefix(c.size);
  }
  return true;
}

// A binary as text, where all of it is printable: as UTF-8 if `unicode` and it is that, else as
// Latin-1. It may be large, so that no other form of it is made.
std::optional<std::string> binary_text(std::string_view bytes, bool unicode) {
  const bool is_utf8 = unicode && take_characters(bytes, true, [](char32_t) { return true; });
  if (!take_characters(bytes, is_utf8, is_printable)) return std::nullopt;
  std::string text = "<<\"";
  text.reserve(bytes.size() + 16);
  size_t count = 0;
  take_characters(bytes, is_utf8, [&](char32_t c) {
    append_quoted(text, c, '"', true);
    ++count;
    return true;
  });
  text += count < bytes.size() ? "\"/utf8>>" : "\">>";
  return text;
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
    std::string text = "\"";
    for (const Term& c : list.elements())
      append_quoted(text, static_cast<char32_t>(c.as_integer()), '"', unicode_);
    return text_piece(std::move(text += '"'));
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
    std::optional<std::string> text = binary_text(bits.bytes(), unicode_);
    if (text) return text_piece(std::move(*text));
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
