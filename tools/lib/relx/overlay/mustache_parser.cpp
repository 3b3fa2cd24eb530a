// The grammar is that of the Mustache specification. What it leaves open is read as bbmustache
// reads it:
//  - among braces, the tag begins at the last possible place: `{{{x}}` is a brace and {{x}};
//  - only spaces around a name are dropped (a tab is part of it), and so are those within;
//  - empty parts of a dotted name count for nothing.
#include "relx/overlay/mustache_parser.h"

#include <algorithm>

#include "term/term.h"
#include "term/text_position.h"

namespace relmk::relx {

using Kind = MustacheNode::Kind;
using Nodes = std::vector<MustacheNode>;

namespace {

// Deeper nesting than any template has, and less than the stack holds.
constexpr int kMaxDepth = 1000;

std::string_view without_spaces_before(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

std::string_view without_spaces_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string_view without_indent(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    if (end > begin) parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::vector<std::string> keys_of(std::string_view text) {
  std::string name(text);
  name.erase(std::remove(name.begin(), name.end(), ' '), name.end());
  if (name.empty() || name == ".") return {name};
  return split(name, '.');
}

bool is_all(char c, const std::string& text) {
  return text.find_first_not_of(c) == std::string::npos;
}

void append_text(Nodes& nodes, std::string_view text) {
  if (text.empty()) return;
  MustacheNode node;
  node.text = text;
  nodes.push_back(std::move(node));
}

}  // namespace

void MustacheParser::fail(size_t offset, const std::string& message) const {
  throw Error(name_, term::position_of(text_, offset), message);
}

Nodes MustacheParser::parse(bool& line_is_standalone) {
  standalone_ = line_is_standalone;
  Nodes nodes;
  if (const auto end = parse_block(nodes, 0))
    fail(end->begin, "the end of a section that was not begun: {{/" + join_keys(end->keys) + "}}");
  line_is_standalone = standalone_;
  return nodes;
}

size_t MustacheParser::next_start() {
  if (!known_start_ || *known_start_ < offset_) known_start_ = text_.find(start_, offset_);
  return *known_start_;
}

size_t MustacheParser::next_newline() {
  if (!known_newline_ || *known_newline_ < offset_) known_newline_ = text_.find('\n', offset_);
  return *known_newline_;
}

// The text up to the end of the section that it is in, which is returned, or of all.
std::optional<MustacheParser::SectionEnd> MustacheParser::parse_block(Nodes& nodes, int depth) {
  for (;;) {
    const size_t start = next_start();
    const size_t newline = next_newline();
    if (newline != std::string_view::npos && newline <= start) {
      append_text(nodes, text_.substr(offset_, newline + 1 - offset_));
      offset_ = newline + 1;
      standalone_ = true;
    } else if (start == std::string_view::npos) {
      append_text(nodes, text_.substr(offset_));
      offset_ = text_.size();
      return std::nullopt;
    } else if (auto end = parse_tag(next_tag(), nodes, depth)) {
      return end;
    }
  }
}

MustacheParser::Tag MustacheParser::next_tag() {
  size_t begin = next_start();
  const size_t first = begin;
  while (text_.compare(begin + 1, start_.size(), start_) == 0)
    begin++;
  const size_t inside = begin + start_.size();
  const size_t stop = text_.find(stop_, inside);
  if (stop == std::string_view::npos) fail(first, "unclosed tag");
  Tag tag{text_.substr(offset_, begin - offset_), text_.substr(inside, stop - inside), begin,
          stop + stop_.size()};

  // A brace more on each side makes it {{{raw}}}, whose inside then begins with a brace. Where the
  // delimiters are braces it stands outside of them, else inside.
  const bool brace_before =
      is_all('{', start_) ? begin > first : !tag.inside.empty() && tag.inside.front() == '{';
  const bool brace_behind = is_all('}', stop_) ? tag.end < text_.size() && text_[tag.end] == '}'
                                               : !tag.inside.empty() && tag.inside.back() == '}';
  if (!brace_before || !brace_behind) return tag;
  if (is_all('}', stop_))
    tag.end++;
  else
    tag.inside.remove_suffix(1);
  if (is_all('{', start_)) {
    tag.before.remove_suffix(1);
    tag.begin--;
    tag.inside = text_.substr(inside - 1, tag.inside.size() + 1);
  }
  return tag;
}

std::optional<MustacheParser::SectionEnd> MustacheParser::parse_tag(const Tag& tag, Nodes& nodes,
                                                                    int depth) {
  offset_ = tag.end;
  const std::string_view inside = without_spaces_before(tag.inside);
  const char sigil = inside.empty() ? '\0' : inside.front();
  MustacheNode node;
  switch (sigil) {
    case '#':
    case '^':
      parse_section(tag, sigil == '#' ? Kind::Section : Kind::Inverted, nodes, depth);
      return std::nullopt;
    case '/':
      take_standalone(tag.before, nodes);
      return SectionEnd{keys_of(inside.substr(1)), tag.begin};
    case '=':
      set_delimiters(tag);
      take_standalone(tag.before, nodes);
      return std::nullopt;
    case '!':
      take_standalone(tag.before, nodes);
      return std::nullopt;
    case '>':
      node.kind = Kind::Partial;
      node.text = without_spaces_behind(without_spaces_before(inside.substr(1)));
      node.offset = tag.begin;
      if (take_standalone(tag.before, nodes)) node.indent = tag.before;
      partials_.emplace_back(node.text);
      nodes.push_back(std::move(node));
      return std::nullopt;
    default: {
      const bool raw = sigil == '&' || sigil == '{';
      node.kind = raw ? Kind::Raw : Kind::Variable;
      node.keys = keys_of(raw ? inside.substr(1) : inside);
      node.offset = tag.begin;
      append_text(nodes, tag.before);
      nodes.push_back(std::move(node));
      standalone_ = false;
      return std::nullopt;
    }
  }
}

void MustacheParser::parse_section(const Tag& tag, Kind kind, Nodes& nodes, int depth) {
  if (depth == kMaxDepth) fail(tag.begin, "sections nest too deep");
  MustacheNode section;
  section.kind = kind;
  section.keys = keys_of(without_spaces_before(tag.inside).substr(1));
  section.offset = tag.begin;
  take_standalone(tag.before, nodes);
  const auto end = parse_block(section.children, depth + 1);
  const std::string name = join_keys(section.keys);
  if (!end) fail(tag.begin, "the section's end is missing: {{/" + name + "}}");
  if (end->keys != section.keys)
    fail(end->begin, "{{/" + join_keys(end->keys) + "}} where {{/" + name + "}} should be");
  nodes.push_back(std::move(section));
}

void MustacheParser::set_delimiters(const Tag& tag) {
  std::string_view text = without_spaces_behind(without_spaces_before(tag.inside).substr(1));
  if (text.empty() || text.back() != '=') fail(tag.begin, "delimiters are set as {{=START STOP=}}");
  text.remove_suffix(1);
  if (text.find('=') != std::string_view::npos) fail(tag.begin, "a delimiter cannot hold `=`");
  const std::vector<std::string> delimiters = split(text, ' ');
  if (delimiters.size() != 2)
    fail(tag.begin, "two delimiters, parted by a space, are set as {{=START STOP=}}");
  known_start_.reset();
  start_ = delimiters[0];
  stop_ = delimiters[1];
}

// True for a tag that is alone in its line, which then leaves nothing: `before`, the spaces in
// front of it, and the line's end are dropped. Otherwise `before` is text, and so is what follows.
bool MustacheParser::take_standalone(std::string_view before, Nodes& nodes) {
  if (standalone_ && without_indent(before).empty()) {
    const std::string_view behind = without_indent(text_.substr(offset_));
    const size_t line_end = behind.substr(0, 2) == "\r\n" ? 2 : behind.substr(0, 1) == "\n" ? 1 : 0;
    if (line_end > 0 || behind.empty()) {
      offset_ = text_.size() - behind.size() + line_end;
      return true;
    }
  }
  standalone_ = false;
  append_text(nodes, before);
  return false;
}

std::string join_keys(const std::vector<std::string>& keys) {
  std::string name;
  for (const std::string& key : keys)
    name += (name.empty() ? "" : ".") + key;
  return name;
}

}  // namespace relmk::relx
