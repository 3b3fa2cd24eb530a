#include "node/console/line_buffer.h"

#include "node/console/grapheme.h"

namespace relmk::node {
namespace {

bool is_in_word(char32_t c) {
  if (c >= 0x80) return true;
  const bool is_alphanumeric =
      (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
  return is_alphanumeric || std::u32string_view(U"*?_-.[]~=").find(c) != std::u32string_view::npos;
}

}  // namespace

void LineBuffer::assign(std::u32string text) {
  cursor_ = text.size();
  text_ = std::move(text);
}

void LineBuffer::assign(std::u32string text, size_t cursor) {
  text_ = std::move(text);
  cursor_ = cursor;
}

void LineBuffer::insert(std::u32string_view text) {
  text_.insert(cursor_, text);
  cursor_ += text.size();
}

void LineBuffer::move_left() {
  cursor_ = grapheme_before(text_, cursor_);
}

void LineBuffer::move_right() {
  cursor_ = grapheme_after(text_, cursor_);
}

size_t LineBuffer::word_left() const {
  size_t at = cursor_;
  while (at > 0 && !is_in_word(text_[at - 1]))
    --at;
  while (at > 0 && is_in_word(text_[at - 1]))
    --at;
  return at;
}

size_t LineBuffer::word_right() const {
  size_t at = cursor_;
  while (at < text_.size() && !is_in_word(text_[at]))
    ++at;
  while (at < text_.size() && is_in_word(text_[at]))
    ++at;
  return at;
}

void LineBuffer::erase_left() {
  const size_t begin = grapheme_before(text_, cursor_);
  text_.erase(begin, cursor_ - begin);
  cursor_ = begin;
}

void LineBuffer::erase_right() {
  text_.erase(cursor_, grapheme_after(text_, cursor_) - cursor_);
}

void LineBuffer::kill(size_t begin, size_t end) {
  if (begin == end) return;
  killed_ = text_.substr(begin, end - begin);
  text_.erase(begin, end - begin);
  cursor_ = begin;
}

void LineBuffer::kill_line() {
  kill(0, text_.size());
}

void LineBuffer::transpose() {
  const size_t middle = cursor_ == text_.size() ? grapheme_before(text_, cursor_) : cursor_;
  if (middle == 0) return;
  const size_t begin = grapheme_before(text_, middle);
  const size_t end = grapheme_after(text_, middle);
  const std::u32string first = text_.substr(begin, middle - begin);
  text_.erase(begin, middle - begin);
  text_.insert(begin + end - middle, first);
  cursor_ = end;
}

}  // namespace relmk::node
