// ~p and ~tp: the layout of io_lib_pretty.
//
// The term becomes a tree of pieces that know their length on one line. A piece that fits in what
// is left of the line is written on it; else its elements go below each other, but elements that
// are atomic fill lines. The elements of a tuple whose first one is an atom are indented past that
// atom, or by `tag_indent_` columns where that keeps a deep term within the line: -1 (past the
// atom) is tried first, then 4; 1 is taken when both fail.
//
// The functions' parameters are those of io_lib_pretty: `column` (from 1) is where the piece
// begins, `depth` how many closing brackets must follow it on its line (LD there), `width` how many
// characters of its line are not indentation (W there).
#include <algorithm>

#include "term/pretty_piece.h"
#include "term/print.h"

namespace relmk::term {

namespace {

class Layout {
 public:
  Layout(int line_length, int most) : line_length_(line_length), most_(most) {}
  std::string text(const Piece& piece, int column);

 private:
  bool fits(const Piece& piece, int column, int depth, int width) const {
    return piece.length < line_length_ - column - depth && piece.length + width + depth <= most_;
  }
  // The same for an element that follows a comma on its line.
  bool fits_after_comma(const Piece& piece, int column, int depth, int width) const {
    const int length = piece.length + 1 + (depth == 0 ? 1 : 0);
    return length < line_length_ - column - depth && width + length + depth <= most_;
  }
  static int depth_of_element(size_t index, size_t count, int depth) {
    return index + 1 < count ? 0 : depth + 1;
  }
  int map_value_indent() const { return tag_indent_ > 0 ? tag_indent_ : 4; }
  int line_end() const { return line_length_; }

  void line(const Piece& piece);
  void lines(const Piece& piece, int column, int indent, int depth, int width);
  void tagged_tuple(const Piece& piece, int column, int indent, int depth, int width);
  void elements(const Piece& piece, size_t from, int column, int indent, int depth, int width);
  void elements_after(const Piece& piece, size_t from, int first_column, int column, int indent,
                      int depth, int width);
  int element(const Piece& piece, int column, int indent, int depth, int width);
  void segments(const Piece& piece, int column, int indent, int depth, int width);
  void new_line(int indent) {
    out_ += '\n';
    out_.append(static_cast<size_t>(indent), ' ');
  }

  // Whether the term can be laid out with the present tag_indent_.
  bool can(const Piece& piece, int column, int depth, int width) const;
  bool can_tagged_tuple(const Piece& piece, int column, int depth, int width) const;
  bool can_elements(const Piece& piece, size_t from, int column, int depth, int width) const;
  bool can_elements_after(const Piece& piece, size_t from, int first_column, int column, int depth,
                          int width) const;
  // The columns an element takes, or -1.
  int can_element(const Piece& piece, int column, int depth, int width) const;

  int line_length_;
  int most_;
  int tag_indent_ = 1;
  std::string out_;
};

std::string Layout::text(const Piece& piece, int column) {
  if (piece.length < line_length_ - column || piece.is_text()) {
    line(piece);
    return std::move(out_);
  }
  for (const int indent : {-1, 4, 1}) {
    tag_indent_ = indent;
    if (indent == 1 || can(piece, column, 0, 0)) break;
  }
  lines(piece, column, column - 1, 0, 0);
  return std::move(out_);
}

void Layout::line(const Piece& piece) {
  const auto parts = [&](std::string_view open, std::string_view close) {
    out_ += open;
    for (const Piece& part : piece.parts) {
      if (&part != &piece.parts.front())
        out_ += piece.is_improper && &part == &piece.parts.back() ? '|' : ',';
      line(part);
    }
    out_ += close;
  };
  switch (piece.kind) {
    case Piece::Kind::Text:
      out_ += piece.text;
      return;
    case Piece::Kind::List:
      return parts("[", "]");
    case Piece::Kind::Tuple:
    case Piece::Kind::TaggedTuple:
      return parts("{", "}");
    case Piece::Kind::Map:
      return parts("#{", "}");
    case Piece::Kind::Pair:
      line(piece.parts[0]);
      out_ += " => ";
      return line(piece.parts[1]);
    case Piece::Kind::Binary:
      out_ += "<<";
      for (const Piece& segment : piece.parts)
        out_ += segment.text;
      out_ += ">>";
      return;
  }
}

void Layout::lines(const Piece& piece, int column, int indent, int depth, int width) {
  if (piece.is_text() || fits(piece, column, depth, width)) return line(piece);
  switch (piece.kind) {
    case Piece::Kind::TaggedTuple:
      out_ += '{';
      tagged_tuple(piece, column, indent, depth, width + 1);
      out_ += '}';
      return;
    case Piece::Kind::Map:
      out_ += "#{";
      elements(piece, 0, column + 2, indent + 2, depth, width + 1);
      out_ += '}';
      return;
    case Piece::Kind::Binary:
      return segments(piece, column + 2, indent + 2, depth, width);
    default:
      out_ += piece.kind == Piece::Kind::List ? '[' : '{';
      elements(piece, 0, column + 1, indent + 1, depth, width + 1);
      out_ += piece.kind == Piece::Kind::List ? ']' : '}';
      return;
  }
}

void Layout::tagged_tuple(const Piece& piece, int column, int indent, int depth, int width) {
  const Piece& tag = piece.parts[0];
  const int tag_width = tag.length + 2;  // with its bracket and comma
  out_ += tag.text;
  if (tag_indent_ > 0 && tag_width > tag_indent_)
    return elements_after(piece, 1, column + tag_indent_, column + tag_width, indent + tag_indent_,
                          depth, width + tag.length);
  out_ += ',';
  elements(piece, 1, column + tag_width, indent + tag_width, depth, width + tag.length + 1);
}

void Layout::elements(const Piece& piece, size_t from, int column, int indent, int depth,
                      int width) {
  const size_t count = piece.parts.size() - (piece.is_improper ? 1 : 0);
  const int taken =
      element(piece.parts[from], column, indent, depth_of_element(from, count, depth), width);
  // A map's next pair does not count what stands before the first one.
  const int width_after = piece.kind == Piece::Kind::Map ? taken : width + taken;
  elements_after(piece, from + 1, column, column + taken, indent, depth, width_after);
}

void Layout::elements_after(const Piece& piece, size_t from, int first_column, int column,
                            int indent, int depth, int width) {
  const size_t count = piece.parts.size() - (piece.is_improper ? 1 : 0);
  for (size_t i = from; i < count; ++i) {
    const Piece& part = piece.parts[i];
    const int part_depth = depth_of_element(i, count, depth);
    out_ += ',';
    if (part.is_atomic() && fits_after_comma(part, column, part_depth, width)) {
      line(part);
      column += part.length + 1;
      width += part.length + 1;
      continue;
    }
    new_line(indent);
    width = element(part, first_column, indent, part_depth, 0);
    column = first_column + width;
  }
  if (!piece.is_improper) return;
  const Piece& tail = piece.parts.back();
  out_ += '|';
  if (tail.is_text() && tail.length + 1 < line_length_ - column - (depth + 1) &&
      tail.length + 1 + width + depth + 1 <= most_)
    return line(tail);
  new_line(indent);
  lines(tail, first_column, indent, depth + 1, 0);
}

// Returns the columns that the element takes: all of the line where it is not atomic, so that the
// next one begins a line.
int Layout::element(const Piece& piece, int column, int indent, int depth, int width) {
  if (piece.kind != Piece::Kind::Pair) {
    const bool is_short = piece.is_text() && fits(piece, column, depth, width);
    lines(piece, column, indent, depth, width);
    return is_short ? piece.length : line_end();
  }
  if (fits(piece, column, depth, width)) {
    line(piece);
    return piece.is_atomic() ? piece.length : line_end();
  }
  const int value_indent = map_value_indent();
  lines(piece.parts[0], column, indent, depth, width);
  out_ += " =>";
  new_line(indent + value_indent);
  lines(piece.parts[1], column + value_indent, indent + value_indent, depth, 0);
  return line_end();
}

void Layout::segments(const Piece& piece, int column, int indent, int depth, int width) {
  const int room = std::max(8, std::min(line_length_ - column, most_ - 4 - width) - depth);
  int left = room;
  out_ += "<<";
  for (const Piece& segment : piece.parts) {
    if (segment.length > left) {
      new_line(indent);
      left = room;
    }
    line(segment);
    left -= segment.length;
  }
  out_ += ">>";
}

bool Layout::can(const Piece& piece, int column, int depth, int width) const {
  if (piece.is_text() || fits(piece, column, depth, width)) return true;
  switch (piece.kind) {
    case Piece::Kind::TaggedTuple:
      return can_tagged_tuple(piece, column, depth, width + 1);
    case Piece::Kind::Map:
      return can_elements(piece, 0, column + 2, depth, width + 2);
    case Piece::Kind::Binary:
      return true;
    default:
      return can_elements(piece, 0, column + 1, depth, width + 1);
  }
}

// An indentation is no good that exceeds half the line, unless the whole term has room there.
bool Layout::can_tagged_tuple(const Piece& piece, int column, int depth, int width) const {
  const int tag_length = piece.parts[0].length;
  const int tag_width = tag_length + 2;
  if (tag_indent_ > 0 && tag_width > tag_indent_) {
    const int first = column + tag_indent_;
    return (most_ + first <= line_length_ || first <= line_length_ / 2) &&
           can_elements_after(piece, 1, first, column + tag_width, depth, width + tag_length);
  }
  const int first = column + tag_width;
  return (most_ + first < line_length_ || first < line_length_ / 2) &&
         can_elements(piece, 1, first, depth, width + tag_length + 1);
}

bool Layout::can_elements(const Piece& piece, size_t from, int column, int depth, int width) const {
  const size_t count = piece.parts.size() - (piece.is_improper ? 1 : 0);
  const int taken =
      can_element(piece.parts[from], column, depth_of_element(from, count, depth), width);
  return taken >= 0 &&
         can_elements_after(piece, from + 1, column, column + taken, depth, width + taken);
}

bool Layout::can_elements_after(const Piece& piece, size_t from, int first_column, int column,
                                int depth, int width) const {
  const size_t count = piece.parts.size() - (piece.is_improper ? 1 : 0);
  for (size_t i = from; i < count; ++i) {
    const Piece& part = piece.parts[i];
    const int part_depth = depth_of_element(i, count, depth);
    if (part.is_atomic() && fits_after_comma(part, column, part_depth, width)) {
      column += part.length + 1;
      width += part.length + 1;
      continue;
    }
    width = can_element(part, first_column, part_depth, 0);
    if (width < 0) return false;
    column = first_column + width;
  }
  if (!piece.is_improper) return true;
  const Piece& tail = piece.parts.back();
  if (tail.is_text()) return true;
  return can(tail, column, depth + 1, 0);
}

int Layout::can_element(const Piece& piece, int column, int depth, int width) const {
  if (piece.kind != Piece::Kind::Pair) {
    if (piece.is_text() && fits(piece, column, depth, width)) return piece.length;
    return can(piece, column, depth, width) ? line_end() : -1;
  }
  if (fits(piece, column, depth, width)) return piece.is_atomic() ? piece.length : line_end();
  const bool both = can(piece.parts[0], column, depth, width) &&
                    can(piece.parts[1], column + map_value_indent(), depth, 0);
  return both ? line_end() : -1;
}

}  // namespace

std::string print_pretty(const Term& term, const PrintOptions& options) {
  Piece piece = pretty_piece(term, options.unicode);
  if (piece.is_text()) return std::move(piece.text);  // which may be large
  return Layout(options.width, piece.length).text(piece, options.indent + 1);
}

}  // namespace relmk::term
