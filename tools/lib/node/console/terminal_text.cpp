#include "node/console/terminal_text.h"

#include <algorithm>
#include <cwchar>

namespace relmk::node {
namespace {

constexpr wchar_t kEscape = 0x1b;

// How many columns a character takes that stands in `column`: libedit shows a control character as
// ^X, one that the locale does not know as \\U+1234.
int columns_of(wchar_t c, int column) {
  if (c == L'\t') return 8 - column % 8;
  if (c < 0x20 || c == 0x7f) return 2;
  const int width = wcwidth(c);
  if (width >= 0) return width;
  return c > 0xffff ? 8 : 7;
}

// The length of the escape sequence that begins there; 0 where none does. (ECMA-48: CSI,
// parameters, and a final byte.)
size_t escape_sequence(std::wstring_view text, size_t at) {
  if (text[at] != kEscape || at + 1 >= text.size() || text[at + 1] != L'[') return 0;
  for (size_t end = at + 2; end < text.size(); ++end) {
    if (text[end] >= L'@' && text[end] <= L'~') return end + 1 - at;
  }
  return 0;
}

// libedit loses an escape sequence after which nothing comes.
void end_with_a_character(std::wstring& marked) {
  if (marked.empty() || marked.back() != PromptText::kLiteral) return;
  const size_t literal = marked.rfind(PromptText::kLiteral, marked.size() - 2);
  const bool after_space = literal > 0 && marked[literal - 1] == L' ';
  if (after_space) marked.erase(literal - 1, 1);
  marked += L' ';
}

}  // namespace

int cursor_row(std::wstring_view text, int columns, wchar_t next) {
  int row = 0;
  int column = 0;
  for (const wchar_t c : text) {
    if (c == L'\n') {
      ++row;
      column = 0;
      continue;
    }
    const int width = columns_of(c, column);
    if (wcwidth(c) > 1 && column + width > columns) {
      ++row;
      column = 0;
    }
    column += width;
    for (; column >= columns; column -= columns)
      ++row;
  }
  const bool does_not_fit = next != 0 && wcwidth(next) > 1 && column + wcwidth(next) > columns;
  return does_not_fit ? row + 1 : row;
}

int text_columns(std::wstring_view line) {
  int columns = 0;
  for (const wchar_t c : line)
    columns += columns_of(c, columns);
  return columns;
}

PromptText prompt_text(std::wstring_view prompt) {
  PromptText out;
  const size_t newline = prompt.rfind(L'\n');
  if (newline != std::wstring_view::npos) {
    out.above = prompt.substr(0, newline + 1);
    prompt.remove_prefix(newline + 1);
  }
  bool literal = false;
  for (size_t i = 0; i < prompt.size();) {
    const size_t length = escape_sequence(prompt, i);
    if ((length > 0) != literal) out.marked += PromptText::kLiteral;
    literal = length > 0;
    // The prompt's own such character is shown as a control character is.
    const std::wstring_view shown = prompt[i] == PromptText::kLiteral
                                        ? std::wstring_view(L"^A")
                                        : prompt.substr(i, std::max<size_t>(length, 1));
    out.marked += shown;
    if (!literal) out.visible += shown;
    i += std::max<size_t>(length, 1);
  }
  if (literal) out.marked += PromptText::kLiteral;
  const size_t before = out.marked.size();
  end_with_a_character(out.marked);
  if (out.marked.size() > before) out.visible += L' ';
  return out;
}

}  // namespace relmk::node
