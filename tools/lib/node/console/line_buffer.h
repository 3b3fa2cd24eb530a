// A line that is being typed, and what keys do to it. The cursor moves by grapheme clusters.
#pragma once

#include <string>
#include <string_view>

namespace relmk::node {

class LineBuffer {
 public:
  const std::u32string& text() const { return text_; }
  // On that character of the text, or behind the last.
  size_t cursor() const { return cursor_; }
  // The cursor goes to its end.
  void assign(std::u32string text);
  void assign(std::u32string text, size_t cursor);
  void insert(std::u32string_view text);

  void move_to(size_t position) { cursor_ = position; }
  void move_left();
  void move_right();
  // Over what is no word, then over a word.
  void move_word_left() { cursor_ = word_left(); }
  void move_word_right() { cursor_ = word_right(); }

  void erase_left();
  void erase_right();

  // What these take away is what yank() puts in at the cursor.
  void kill_line();
  void kill_to_end() { kill(cursor_, text_.size()); }
  void kill_word_left() { kill(word_left(), cursor_); }
  void kill_word_right() { kill(cursor_, word_right()); }
  void yank() { insert(killed_); }

  // The character before the cursor goes behind the one on it; at the end of the text the last two
  // change places.
  void transpose();

 private:
  size_t word_left() const;
  size_t word_right() const;
  void kill(size_t begin, size_t end);

  std::u32string text_;
  size_t cursor_ = 0;
  std::u32string killed_;
};

}  // namespace relmk::node
