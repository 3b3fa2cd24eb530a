// A terminal, for tests: as much of one as a line editor needs. Its widths are of its own.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sys/utf8.h"

namespace relmk::node {

class TerminalModel {
 public:
  enum class Kind {
    Joining,    // one cell for what is one character to a reader
    Separating  // each part of a joined emoji, and each letter of a flag, has cells of its own
  };

  TerminalModel(int rows, int columns, Kind kind = Kind::Joining)
      : rows_(static_cast<size_t>(rows)), columns_(static_cast<size_t>(columns)), kind_(kind) {}

  void put(std::string_view bytes) {
    for (const char32_t c : sys::code_points(bytes))
      take(c);
  }

  // What is seen, without blanks at the ends of rows, and without empty rows at the end.
  std::string screen() const {
    std::string out;
    for (size_t i = top(); i < lines_.size(); ++i) {
      std::string row;
      for (const std::string& cell : lines_[i].cells)
        row += cell;
      row.resize(row.find_last_not_of(' ') + 1);
      out += row + "\n";
    }
    out.resize(out.find_last_not_of('\n') + 1);
    return out;
  }
  // On the screen, from 0. Behind the last column where the terminal waits to wrap.
  int row() const { return static_cast<int>(row_ - top()); }
  int column() const { return static_cast<int>(column_); }

  // Wraps all lines anew.
  void resize(int rows, int columns) {
    std::vector<Line> before = std::move(lines_);
    const size_t cursor_row = row_;
    const size_t cursor_column = column_;
    lines_.clear();
    rows_ = static_cast<size_t>(rows);
    columns_ = static_cast<size_t>(columns);
    for (size_t i = 0; i < before.size();) {
      size_t cursor = std::string::npos;
      std::vector<std::string> cells;
      for (bool wrapped = true; wrapped && i < before.size(); ++i) {
        if (i == cursor_row) cursor = cells.size() + cursor_column;
        cells.insert(cells.end(), before[i].cells.begin(), before[i].cells.end());
        wrapped = before[i].is_wrapped;
      }
      append_wrapped(cells, cursor);
    }
  }

 private:
  struct Line {
    std::vector<std::string> cells;  // the second of a wide character is empty
    bool is_wrapped = false;         // the next one continues it
  };

  size_t top() const { return first_; }

  void append_wrapped(const std::vector<std::string>& cells, size_t cursor) {
    lines_.emplace_back();
    for (size_t i = 0; i < cells.size(); ++i) {
      const bool is_wide = i + 1 < cells.size() && cells[i + 1].empty();
      if (lines_.back().cells.size() + (is_wide ? 2 : 1) > columns_ && !cells[i].empty()) {
        lines_.back().is_wrapped = true;
        lines_.emplace_back();
      }
      if (i == cursor) set_cursor(lines_.back().cells.size());
      lines_.back().cells.push_back(cells[i]);
    }
    if (cursor == std::string::npos || cursor < cells.size()) return;
    size_t column = lines_.back().cells.size() + cursor - cells.size();
    if (column >= columns_) {
      lines_.back().is_wrapped = true;
      lines_.emplace_back();
      column = 0;
    }
    set_cursor(column);
  }
  void set_cursor(size_t column) {
    row_ = lines_.size() - 1;
    column_ = column;
    first_ = lines_.size() > rows_ ? lines_.size() - rows_ : 0;
  }

  Line& line() {
    while (lines_.size() <= row_)
      lines_.emplace_back();
    first_ = std::max(first_, lines_.size() > rows_ ? lines_.size() - rows_ : 0);
    return lines_[row_];
  }

  static size_t width(char32_t c) {
    if (c >= 0x1f1e6 && c <= 0x1f1ff) return 1;
    return (c >= 0x1100 && c < 0x2000) || (c >= 0x2e80 && c < 0xfe00) || c >= 0x1f300 ? 2 : 1;
  }
  static bool is_mark(char32_t c) {
    return (c >= 0x300 && c < 0x370) || c == 0x200d || c == 0xfe0f || c == 0x20e3;
  }

  void take(char32_t c) {
    if (in_sequence_) return take_sequence(c);
    if (c == 0x1b) {
      in_sequence_ = true;
      parameters_.clear();
    } else if (c == U'\r') {
      column_ = 0;
    } else if (c == U'\n') {
      ++row_;
      line();
    } else if (c == U'\b') {
      if (column_ > 0) --column_;
    } else {
      print(c);
    }
    last_ = c;
  }

  bool joins(char32_t c) const {
    if (is_mark(c)) return true;
    if (kind_ == Kind::Separating) return false;
    const bool is_modifier = c >= 0x1f3fb && c <= 0x1f3ff;
    return is_modifier || last_ == 0x200d ||
           (width(last_) == 1 && c >= 0x1f1e6 && c <= 0x1f1ff && last_ >= 0x1f1e6 &&
            last_ <= 0x1f1ff);
  }

  void print(char32_t c) {
    std::string text;
    sys::append_utf8(text, c);
    if (joins(c) && column_ > 0) {
      std::vector<std::string>& cells = line().cells;
      size_t at = std::min(column_, cells.size()) - 1;
      if (cells[at].empty() && at > 0) --at;
      cells[at] += text;
      if (kind_ == Kind::Joining && c >= 0x1f1e6 && c <= 0x1f1ff) {
        last_ = 0;
        write_cell("");
      }
      return;
    }
    if (column_ + width(c) > columns_) {
      line().is_wrapped = true;
      ++row_;
      line().cells.clear();
      column_ = 0;
    }
    write_cell(text);
    if (width(c) == 2) write_cell("");
  }
  void write_cell(const std::string& text) {
    std::vector<std::string>& cells = line().cells;
    if (cells.size() <= column_) cells.resize(column_ + 1, " ");
    cells[column_++] = text;
  }

  void take_sequence(char32_t c) {
    if (c == U'[' || c < 0x40) {
      if (c != U'[') parameters_ += static_cast<char>(c);
      return;
    }
    in_sequence_ = false;
    const auto count = static_cast<size_t>(parameters_.empty() ? 1 : std::stoi(parameters_));
    if (c == U'A') row_ = std::max(row_ - std::min(row_, count), top());
    if (c == U'B') row_ = std::min(row_ + count, top() + rows_ - 1);
    if (c == U'C') column_ = std::min(column_, columns_ - 1);
    if (c == U'C') column_ = std::min(column_ + count, columns_ - 1);
    if (c == U'K' || c == U'J') erase(c == U'J');
    if (c == U'H') {
      row_ = top();
      column_ = 0;
    }
  }
  // From the cursor on.
  void erase(bool below) {
    if (parameters_ == "2") {
      lines_.resize(top());
      return;
    }
    Line& here = line();
    here.is_wrapped = false;
    here.cells.resize(std::min(here.cells.size(), std::min(column_, columns_ - 1)));
    if (below) lines_.resize(row_ + 1);
  }

  size_t rows_;
  size_t columns_;
  Kind kind_;
  std::vector<Line> lines_;
  size_t first_ = 0;  // of lines_, on the screen
  size_t row_ = 0;    // of lines_
  size_t column_ = 0;
  char32_t last_ = 0;
  bool in_sequence_ = false;
  std::string parameters_;
};

}  // namespace relmk::node
