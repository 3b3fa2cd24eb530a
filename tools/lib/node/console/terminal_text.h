// Where text comes to stand on a terminal's screen, as libedit counts it.
#pragma once

#include <string>
#include <string_view>

namespace relmk::node {

// The row, from 0, in which the cursor stands after `text` was shown from the left edge of a screen
// of `columns` columns. `next` is the character under the cursor, 0 where there is none: one of
// double width that does not fit into the row takes the cursor along into the next. Widths are the
// locale's.
int cursor_row(std::wstring_view text, int columns, wchar_t next = 0);

// The columns that a line of text takes.
int text_columns(std::wstring_view line);

// A prompt, taken apart for an editor of one line.
struct PromptText {
  std::wstring above;    // the lines before the last one, each with its newline
  std::wstring visible;  // the last line, without escape sequences, as of colours
  // The last line, each escape sequence between two `kLiteral`: those take no column.
  std::wstring marked;

  static constexpr wchar_t kLiteral = 1;
};
PromptText prompt_text(std::wstring_view prompt);

}  // namespace relmk::node
