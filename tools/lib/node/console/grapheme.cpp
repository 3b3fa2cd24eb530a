#include "node/console/grapheme.h"

#include <unigbrk.h>
#include <uniwidth.h>

#include <algorithm>

namespace relmk::node {
namespace {

constexpr char32_t kZeroWidthJoiner = 0x200d;
constexpr char32_t kEmojiSelector = 0xfe0f;
constexpr char32_t kFirstEmoji = 0x1f000;

// By which an emoji gets a colour of skin.
bool is_modifier(char32_t c) {
  return c >= 0x1f3fb && c <= 0x1f3ff;
}

bool is_regional(char32_t c) {
  return uc_graphemeclusterbreak_property(c) == GBP_RI;
}

// No encoding in which letters of other scripts are of double width.
int columns_of(char32_t c) {
  return uc_width(c, "UTF-8");
}

}  // namespace

std::vector<size_t> grapheme_bounds(std::u32string_view text) {
  const std::vector<uint32_t> code_points(text.begin(), text.end());
  std::string begins(text.size(), '\0');
  u32_grapheme_breaks(code_points.data(), code_points.size(), begins.data());
  std::vector<size_t> bounds;
  for (size_t i = 0; i < begins.size(); ++i) {
    if (begins[i] != 0) bounds.push_back(i);
  }
  bounds.push_back(text.size());
  return bounds;
}

size_t grapheme_before(std::u32string_view text, size_t at) {
  const std::vector<size_t> bounds = grapheme_bounds(text);
  const auto found = std::lower_bound(bounds.begin(), bounds.end(), at);
  return found == bounds.begin() ? 0 : *(found - 1);
}

size_t grapheme_after(std::u32string_view text, size_t at) {
  const std::vector<size_t> bounds = grapheme_bounds(text);
  const auto found = std::upper_bound(bounds.begin(), bounds.end(), at);
  return found == bounds.end() ? text.size() : *found;
}

int grapheme_columns(std::u32string_view cluster) {
  const int first = columns_of(cluster[0]);
  if (first < 0) return -1;
  if (cluster.size() == 1) return first;
  if (is_regional(cluster[0]) && is_regional(cluster[1])) return 2;
  const bool is_emoji = first > 0 && cluster.find(kEmojiSelector) != std::u32string_view::npos;
  int columns = first;
  for (size_t i = 1; i < cluster.size(); ++i) {
    const bool joined = cluster[i - 1] == kZeroWidthJoiner && columns_of(cluster[i]) > 1;
    if (!joined && !is_modifier(cluster[i])) columns += std::max(columns_of(cluster[i]), 0);
    if (joined && is_emoji) break;
  }
  return is_emoji ? std::max(columns, 2) : columns;
}

bool has_doubtful_columns(std::u32string_view cluster) {
  return cluster.size() > 1 || cluster[0] >= kFirstEmoji;
}

bool is_combining(char32_t c) {
  const int property = uc_graphemeclusterbreak_property(c);
  return property == GBP_EXTEND || property == GBP_SPACINGMARK;
}

}  // namespace relmk::node
