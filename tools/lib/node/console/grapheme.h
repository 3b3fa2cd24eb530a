// What a reader takes for one character, a grapheme cluster of Unicode (UAX #29), and how terminals
// show it. The locale is not asked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relmk::node {

// Where each cluster of the text begins, and at last where the text ends.
std::vector<size_t> grapheme_bounds(std::u32string_view text);

// The bound before, or after, `at`; the text's begin or end where there is none.
size_t grapheme_before(std::u32string_view text, size_t at);
size_t grapheme_after(std::u32string_view text, size_t at);

// The columns that terminals give to a cluster: 0 for what is only seen on another character, -1
// for control characters. A joined or coloured emoji is as wide as the first of its parts, one that
// is an emoji by a variation selector is wide.
int grapheme_columns(std::u32string_view cluster);

// Terminals don't agree on the columns of a cluster of several code points, nor of emoji that are
// younger than they are.
bool has_doubtful_columns(std::u32string_view cluster);

// True of a mark that belongs to the character before it.
bool is_combining(char32_t c);

}  // namespace relmk::node
