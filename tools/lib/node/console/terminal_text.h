// Where text comes to stand on a terminal's screen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relmk::node {

// What is shown in one place: a grapheme cluster, a part of what stands for a character that has no
// form of its own (`^A`, `<200b>`), a tab or a newline.
struct Glyph {
  enum class Kind { Plain, Doubtful, Tab, Newline };
  std::string text;      // UTF-8; of a tab or newline, and of what is not seen, none
  std::string sequence;  // escape sequences, as of colours, that come before it
  int columns = 0;       // of a tab, and of a newline, 0; Doubtful: a terminal may differ
  size_t character = 0;  // where it, or what it stands for, begins in the text
  Kind kind = Kind::Plain;

  bool operator==(const Glyph&) const = default;
};

// Control characters are shown as ^X. Escape sequences (ECMA-48: CSI, parameters, a final byte) are
// kept as such in prompts alone.
std::vector<Glyph> text_glyphs(std::u32string_view text);
std::vector<Glyph> prompt_glyphs(std::u32string_view text);

// The columns that a line of text takes.
int text_columns(std::u32string_view line);
// The same of a prompt's last line.
int prompt_columns(std::u32string_view prompt);

// A row and a column of the screen, each from 0.
struct Cell {
  int row = 0;
  int column = 0;
  bool operator==(const Cell&) const = default;
};

// Where each glyph stands on a screen of `columns` columns when they begin at its left edge, and at
// last where the next one would: that is never behind the last column. A glyph of double width that
// does not fit into a row stands in the next.
std::vector<Cell> places(const std::vector<Glyph>& glyphs, int columns);

// How many columns a tab takes that stands there.
int tab_columns(int column, int columns);

}  // namespace relmk::node
