// Keeps a prompt and the line that is typed after it on a terminal's screen: draws what has changed
// since it was drawn last. Uses no more than ECMA-48's cursor movement and erasure. Where the line
// is longer than the screen, the part around the cursor is shown.
//
// Rows that the line fills are left to the terminal to wrap, so that it takes them for one line:
// when it is resized, or its text is copied. Where it shows a glyph in other columns than we count,
// its cursor is put right behind each such glyph.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/console/terminal_text.h"

namespace relmk::node {

struct ScreenSize {
  int rows = 24;
  int columns = 80;
};

class LineDisplay {
 public:
  struct Terminal {
    bool is_dumb = false;  // its cursor moves by backspace alone
    bool rewraps = true;   // wraps the lines that it shows anew when it is resized
  };
  using Output = std::function<void(std::string_view)>;

  LineDisplay(Output output, Terminal terminal) : output_(std::move(output)), terminal_(terminal) {}

  // A line begins, where these glyphs stand already.
  void begin(std::vector<Glyph> standing, ScreenSize size);
  // The cursor stands on glyphs[cursor], or behind the last. What begin() was told of comes first.
  void show(std::vector<Glyph> glyphs, size_t cursor);
  // The terminal has another size.
  void resize(ScreenSize size);
  // Takes the line off the screen: what is printed next stands in its place, the line that is then
  // shown below that.
  void erase();
  // Clears the whole screen, and shows the line on top of it.
  void clear_screen();
  // The line is complete: what is printed next stands below it.
  void leave();

 private:
  bool is_pending(Cell next) const;
  int first_row() const;
  size_t first_in_row(int row) const;
  void adapt(std::vector<Glyph>& glyphs) const;
  void draw(const std::vector<Glyph>& before, const std::vector<Cell>& places_before);
  void put(const Glyph& glyph, Cell place);
  void wrap();
  void move_to(Cell place);
  void step_right(int column);
  void erase_rest(int column_before);
  void forget();
  void flush();

  Output output_;
  Terminal terminal_;
  ScreenSize size_;
  std::string pending_output_;

  std::vector<Glyph> glyphs_;
  std::vector<Cell> places_{Cell()};
  size_t cursor_ = 0;
  int first_ = 0;     // the row of the line that stands first on the screen
  size_t drawn_ = 0;  // glyphs before that are on the screen, from the row `first_` on
  // Of the terminal's cursor. In the column behind the last one it waits for a glyph to wrap.
  Cell at_;
  bool wraps_by_newline_ = false;  // as long as it waits there
};

}  // namespace relmk::node
