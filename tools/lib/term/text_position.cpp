#include "term/text_position.h"

#include <algorithm>

#include "sys/utf8.h"

namespace relmk::term {

Position position_of(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto lines_before = std::count(before.begin(), before.end(), '\n');
  const size_t columns_before = sys::code_points(before.substr(line_begin)).size();
  return {static_cast<int>(lines_before) + 1, static_cast<int>(columns_before) + 1};
}

Position TextPositions::at(size_t offset) {
  offset = std::min(offset, text_.size());
  if (offset < offset_) return position_of(text_, offset);
  const std::string_view between = text_.substr(offset_, offset - offset_);
  const Position steps = position_of(between, between.size());
  at_.column = steps.line == 1 ? at_.column + steps.column - 1 : steps.column;
  at_.line += steps.line - 1;
  offset_ = offset;
  return at_;
}

}  // namespace relmk::term
