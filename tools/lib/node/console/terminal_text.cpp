#include "node/console/terminal_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "node/console/grapheme.h"
#include "node/console/key.h"
#include "sys/utf8.h"

namespace relmk::node {
namespace {

constexpr int kTabStop = 8;

// The length of the escape sequence with which the text begins; 0 where none does.
size_t escape_sequence(std::u32string_view text) {
  if (text.size() < 2 || text[0] != kEscape || text[1] != U'[') return 0;
  for (size_t end = 2; end < text.size(); ++end) {
    if (text[end] >= U'@' && text[end] <= U'~') return end + 1;
  }
  return 0;
}

// What stands for a character that has no form of its own.
std::string stand_in(char32_t c) {
  if (c < 0x20) return {'^', static_cast<char>(c + '@')};
  return c == kDelete ? "^?" : fmt::format("<{:x}>", static_cast<uint32_t>(c));
}

void append_cluster(std::vector<Glyph>& out, std::u32string_view cluster, size_t at) {
  if (cluster == U"\n" || cluster == U"\t") {
    const auto kind = cluster == U"\n" ? Glyph::Kind::Newline : Glyph::Kind::Tab;
    out.push_back({"", "", 0, at, kind});
    return;
  }
  const int columns = grapheme_columns(cluster);
  if (columns > 0) {
    const auto kind = has_doubtful_columns(cluster) ? Glyph::Kind::Doubtful : Glyph::Kind::Plain;
    out.push_back({sys::utf8(cluster), "", columns, at, kind});
    return;
  }
  // A mark that follows nothing is shown on a dotted circle.
  if (columns == 0 && is_combining(cluster[0])) {
    out.push_back({"\u25cc" + sys::utf8(cluster), "", 1, at, Glyph::Kind::Doubtful});
    return;
  }
  for (const char32_t c : cluster) {
    for (const char part : stand_in(c))
      out.push_back({{part}, "", 1, at, Glyph::Kind::Plain});
  }
}

void append_text(std::vector<Glyph>& out, std::u32string_view text, size_t offset) {
  const std::vector<size_t> bounds = grapheme_bounds(text);
  for (size_t i = 0; i + 1 < bounds.size(); ++i)
    append_cluster(out, text.substr(bounds[i], bounds[i + 1] - bounds[i]), offset + bounds[i]);
}

std::u32string_view last_line(std::u32string_view text) {
  return text.substr(text.rfind(U'\n') + 1);
}

}  // namespace

std::vector<Glyph> text_glyphs(std::u32string_view text) {
  std::vector<Glyph> out;
  append_text(out, text, 0);
  return out;
}

std::vector<Glyph> prompt_glyphs(std::u32string_view text) {
  std::vector<Glyph> out;
  std::string sequence;
  for (size_t at = 0; at < text.size();) {
    if (const size_t length = escape_sequence(text.substr(at)); length > 0) {
      sequence += sys::utf8(text.substr(at, length));
      at += length;
      continue;
    }
    size_t end = at + 1;
    while (end < text.size() && escape_sequence(text.substr(end)) == 0)
      ++end;
    const size_t first = out.size();
    append_text(out, text.substr(at, end - at), at);
    out[first].sequence = std::exchange(sequence, "");
    at = end;
  }
  if (!sequence.empty()) out.push_back({"", sequence, 0, text.size(), Glyph::Kind::Plain});
  return out;
}

int text_columns(std::u32string_view line) {
  constexpr int kUnlimited = 1 << 30;
  return places(text_glyphs(line), kUnlimited).back().column;
}

int prompt_columns(std::u32string_view prompt) {
  constexpr int kUnlimited = 1 << 30;
  return places(prompt_glyphs(last_line(prompt)), kUnlimited).back().column;
}

int tab_columns(int column, int columns) {
  return std::min(kTabStop - column % kTabStop, columns - column);
}

std::vector<Cell> places(const std::vector<Glyph>& glyphs, int columns) {
  std::vector<Cell> out;
  out.reserve(glyphs.size() + 1);
  Cell at;
  for (const Glyph& glyph : glyphs) {
    if (at.column > 0 && at.column + glyph.columns > columns) at = {at.row + 1, 0};
    out.push_back(at);
    if (glyph.kind == Glyph::Kind::Newline) {
      at = {at.row + 1, 0};
      continue;
    }
    at.column += glyph.kind == Glyph::Kind::Tab ? tab_columns(at.column, columns) : glyph.columns;
    if (at.column >= columns) at = {at.row + 1, 0};
  }
  out.push_back(at);
  return out;
}

}  // namespace relmk::node
