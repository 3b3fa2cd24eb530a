#include "node/console/line_display.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace relmk::node {
namespace {

constexpr const char* kEraseToEndOfRow = "\x1b[K";
constexpr const char* kEraseBelow = "\x1b[J";
constexpr const char* kClearScreen = "\x1b[H\x1b[2J";
constexpr int kUnlimited = 1 << 30;

std::string to_column(int column) {
  return column > 0 ? fmt::format("\r\x1b[{}C", column) : "\r";
}

std::string up(int rows) {
  return rows > 0 ? fmt::format("\x1b[{}A", rows) : "";
}

}  // namespace

void LineDisplay::forget() {
  glyphs_.clear();
  places_ = {Cell()};
  cursor_ = 0;
  first_ = 0;
  drawn_ = 0;
  at_ = Cell();
  wraps_by_newline_ = false;
}

void LineDisplay::flush() {
  if (!pending_output_.empty()) output_(pending_output_);
  pending_output_.clear();
}

void LineDisplay::begin(std::vector<Glyph> standing, ScreenSize size) {
  forget();
  size_ = terminal_.is_dumb ? ScreenSize{kUnlimited, kUnlimited} : size;
  adapt(standing);
  places_ = places(standing, size_.columns);
  glyphs_ = std::move(standing);
  drawn_ = glyphs_.size();
  at_ = places_.back();
  first_ = std::max(at_.row + 1 - size_.rows, 0);
  const bool has_filled_a_row = at_.column == 0 && at_.row > 0;
  if (has_filled_a_row) at_ = {at_.row - 1, size_.columns};
}

// Where the cursor can't move up, all stands in one row.
void LineDisplay::adapt(std::vector<Glyph>& glyphs) const {
  if (!terminal_.is_dumb) return;
  for (Glyph& glyph : glyphs) {
    if (glyph.kind != Glyph::Kind::Newline) continue;
    glyph.kind = Glyph::Kind::Plain;
    glyph.text = "^J";
    glyph.columns = 2;
  }
}

// Whether a glyph that stands at `next` wraps by itself.
bool LineDisplay::is_pending(Cell next) const {
  return at_.column == size_.columns && next == Cell{at_.row + 1, 0};
}

// The screen moves along the line no farther than the cursor makes it.
int LineDisplay::first_row() const {
  const int rows = places_.back().row + 1;
  if (rows <= size_.rows) return 0;
  const int cursor = places_[cursor_].row;
  return std::min(std::clamp(first_, std::max(cursor - size_.rows + 1, 0), cursor),
                  rows - size_.rows);
}

// The first glyph that stands in the row, or in one after it.
size_t LineDisplay::first_in_row(int row) const {
  const auto found =
      std::lower_bound(places_.begin(), places_.end() - 1, row,
                       [](const Cell& place, int wanted) { return place.row < wanted; });
  return static_cast<size_t>(found - places_.begin());
}

void LineDisplay::show(std::vector<Glyph> glyphs, size_t cursor) {
  adapt(glyphs);
  std::vector<Glyph> before = std::exchange(glyphs_, std::move(glyphs));
  std::vector<Cell> places_before = std::exchange(places_, places(glyphs_, size_.columns));
  cursor_ = cursor;
  if (const int first = first_row(); first != first_) {
    move_to({first_, 0});
    pending_output_ += kEraseBelow;
    first_ = first;
    at_ = {first, 0};
    drawn_ = 0;
    before.clear();
  }
  draw(before, places_before);
  move_to(places_[cursor_]);
  flush();
}

void LineDisplay::draw(const std::vector<Glyph>& before, const std::vector<Cell>& places_before) {
  const int below = size_.rows == kUnlimited ? kUnlimited : first_ + size_.rows;
  const size_t end = first_in_row(below);
  const bool is_cut = places_[end].row >= below;
  size_t i = first_in_row(first_);
  const size_t begin = i;
  const size_t same = std::min({end, drawn_, before.size()});
  while (i < same && before[i] == glyphs_[i] && places_before[i] == places_[i])
    ++i;
  const bool has_more_to_erase = i < drawn_ || before.empty();
  const bool is_drawn = i == end && drawn_ == end && before.size() == glyphs_.size();
  if (is_drawn && !before.empty()) return;
  // How a row ends is drawn with what stands first in the next.
  const bool follows_a_row = places_[i].column == 0 && !is_pending(places_[i]);
  if (i > begin && (follows_a_row || (is_cut && i == end))) --i;
  if (!is_pending(places_[i])) move_to(places_[i]);
  for (; i < end; ++i) {
    const bool ends_the_screen = is_cut && i + 1 == end;
    if (ends_the_screen && glyphs_[i].kind == Glyph::Kind::Newline) {
      if (is_pending(places_[i])) wrap();
      break;
    }
    put(glyphs_[i], places_[i]);
  }
  drawn_ = end;
  if (is_cut) {
    if (at_.column < size_.columns) pending_output_ += kEraseToEndOfRow;
    return;
  }
  if (is_pending(places_.back())) wrap();
  if (has_more_to_erase) erase_rest(before.empty() ? 0 : places_before.back().column);
}

// Nothing stands behind the cursor but what was shown before.
void LineDisplay::erase_rest(int column_before) {
  if (!terminal_.is_dumb) {
    pending_output_ += kEraseBelow;
    return;
  }
  const auto count = static_cast<size_t>(std::max(column_before - at_.column, 0));
  pending_output_ += std::string(count, ' ') + std::string(count, '\b');
}

// To the begin of the next row, when this one is full.
void LineDisplay::wrap() {
  pending_output_ += wraps_by_newline_ ? "\r\n" : " \r";
  wraps_by_newline_ = false;
  at_ = {at_.row + 1, 0};
}

void LineDisplay::put(const Glyph& glyph, Cell place) {
  const bool is_doubtful = glyph.kind == Glyph::Kind::Doubtful;
  const bool is_seen = glyph.columns > 0 || glyph.kind == Glyph::Kind::Tab;
  if (is_pending(place)) {
    if (!is_seen || is_doubtful || wraps_by_newline_) wrap();
  } else if (place.row > at_.row) {
    // It is of double width, and leaves a column empty.
    pending_output_ += kEraseToEndOfRow;
    if (is_doubtful) pending_output_ += "\r\n";
  }
  // A terminal that gives it fewer columns leaves what stood in the others.
  if (is_doubtful && !terminal_.is_dumb) pending_output_ += kEraseToEndOfRow;
  pending_output_ += glyph.sequence + glyph.text;
  at_ = place;
  if (glyph.kind == Glyph::Kind::Newline) {
    pending_output_ += fmt::format("{}\r\n", kEraseToEndOfRow);
    at_ = {place.row + 1, 0};
    return;
  }
  const int columns =
      glyph.kind == Glyph::Kind::Tab ? tab_columns(place.column, size_.columns) : glyph.columns;
  if (glyph.kind == Glyph::Kind::Tab) pending_output_.append(static_cast<size_t>(columns), ' ');
  at_.column = std::min(at_.column + columns, size_.columns);
  if (!is_doubtful || terminal_.is_dumb) return;
  wraps_by_newline_ = at_.column == size_.columns;
  if (!wraps_by_newline_) pending_output_ += to_column(at_.column);
}

void LineDisplay::move_to(Cell place) {
  if (place == at_) return;
  if (terminal_.is_dumb) {
    step_right(place.column);
    if (place.column < at_.column) {
      pending_output_.append(static_cast<size_t>(at_.column - place.column), '\b');
    }
  } else {
    pending_output_ += up(at_.row - place.row);
    if (place.row > at_.row) pending_output_ += fmt::format("\x1b[{}B", place.row - at_.row);
    pending_output_ += to_column(place.column);
  }
  at_ = place;
  wraps_by_newline_ = false;
}

// Shows again what stands there.
void LineDisplay::step_right(int column) {
  for (size_t i = 0; i < glyphs_.size(); ++i) {
    const int place = places_[i].column;
    if (place < at_.column || place >= column) continue;
    pending_output_ += glyphs_[i].text;
    if (glyphs_[i].kind == Glyph::Kind::Tab) {
      pending_output_.append(static_cast<size_t>(tab_columns(place, size_.columns)), ' ');
    }
  }
}

void LineDisplay::resize(ScreenSize size) {
  if (terminal_.is_dumb) return;
  const size_t begin = first_in_row(first_);
  const std::vector<Glyph> drawn(glyphs_.begin() + static_cast<ptrdiff_t>(begin),
                                 glyphs_.begin() + static_cast<ptrdiff_t>(std::max(begin, drawn_)));
  const size_t cursor = std::min(cursor_ - std::min(cursor_, begin), drawn.size());
  const int rows = terminal_.rewraps ? places(drawn, size.columns)[cursor].row : at_.row - first_;
  std::vector<Glyph> glyphs = std::move(glyphs_);
  const size_t cursor_before = cursor_;
  forget();
  size_ = size;
  pending_output_ += up(rows) + "\r" + kEraseBelow;
  show(std::move(glyphs), cursor_before);
}

void LineDisplay::erase() {
  if (terminal_.is_dumb) {
    pending_output_ += "\n";
  } else {
    move_to({first_, 0});
    pending_output_ += fmt::format("\r{}", kEraseBelow);
  }
  forget();
  flush();
}

void LineDisplay::clear_screen() {
  std::vector<Glyph> glyphs = std::move(glyphs_);
  const size_t cursor = cursor_;
  forget();
  pending_output_ += terminal_.is_dumb ? "\n" : kClearScreen;
  show(std::move(glyphs), cursor);
}

void LineDisplay::leave() {
  show(std::vector<Glyph>(glyphs_), glyphs_.size());
  const bool stands_below = at_.column == 0 && at_.row > 0 && !glyphs_.empty() &&
                            glyphs_.back().kind != Glyph::Kind::Newline;
  if (!stands_below) pending_output_ += "\r\n";
  forget();
  flush();
}

}  // namespace relmk::node
