// A Mustache template as a tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sys/error.h"

namespace relmk::relx {

struct MustacheNode {
  enum class Kind {
    Text,      // `text`
    Variable,  // {{keys}}
    Raw,       // {{{keys}}}, {{&keys}}
    Section,   // {{#keys}} children {{/keys}}
    Inverted,  // {{^keys}} children {{/keys}}
    Partial,   // {{>text}}, each of its lines indented by `indent`
  };
  Kind kind = Kind::Text;
  std::string_view text;
  std::string_view indent;
  std::vector<std::string> keys;  // a dotted name's parts; "." alone is the context itself
  std::vector<MustacheNode> children;
  size_t offset = 0;  // of the tag in its text
};

class MustacheParser {
 public:
  // `text` must outlive the nodes; `name` stands for it in errors.
  MustacheParser(std::string name, std::string_view text) : name_(std::move(name)), text_(text) {}

  // bbmustache's parser goes on with its notion of "this line holds nothing but tags" when it turns
  // to a partial; what it was at the end of the text before is given here. Throws Error.
  std::vector<MustacheNode> parse(bool& line_is_standalone);
  // The names of the partials that the parsed text asks for.
  const std::vector<std::string>& partials() const { return partials_; }

 private:
  struct Tag {
    std::string_view before;  // text between the last tag or line's end and this one
    std::string_view inside;
    size_t begin;  // offset of its start delimiter
    size_t end;    // offset behind its stop delimiter
  };
  struct SectionEnd {
    std::vector<std::string> keys;
    size_t begin;
  };

  std::optional<SectionEnd> parse_block(std::vector<MustacheNode>& nodes, int depth);
  std::optional<SectionEnd> parse_tag(const Tag& tag, std::vector<MustacheNode>& nodes, int depth);
  void parse_section(const Tag& tag, MustacheNode::Kind kind, std::vector<MustacheNode>& nodes,
                     int depth);
  void set_delimiters(const Tag& tag);
  Tag next_tag();
  bool take_standalone(std::string_view before, std::vector<MustacheNode>& nodes);
  [[noreturn]] void fail(size_t offset, const std::string& message) const;

  std::string name_;
  std::string_view text_;
  size_t offset_ = 0;
  // The next place, from offset_ on, of what begins a tag, and of a newline: npos for none. They
  // are kept until they are passed, lest each tag searches the whole text for the next of the
  // other.
  size_t next_start();
  size_t next_newline();
  std::optional<size_t> known_start_;
  std::optional<size_t> known_newline_;
  std::string start_ = "{{";
  std::string stop_ = "}}";
  bool standalone_ = true;
  std::vector<std::string> partials_;
};

// A dotted name from its parts.
std::string join_keys(const std::vector<std::string>& keys);

}  // namespace relmk::relx
