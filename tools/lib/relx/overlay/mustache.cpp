#include "relx/overlay/mustache.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "relx/overlay/mustache_parser.h"
#include "term/print.h"
#include "term/text_position.h"

namespace relmk::relx {

namespace {

using Kind = MustacheNode::Kind;
using Nodes = std::vector<MustacheNode>;

struct Source {
  std::string name;
  std::string text;
  Nodes nodes;
};
using Partials = std::map<std::string, std::unique_ptr<Source>>;  // nullptr: there is none

// Deeper than any partial that ends.
constexpr int kMaxPartialDepth = 200;
// In a list of more, names are not looked for one by one.
constexpr size_t kManyNames = 64;

// Parses a template and every partial that it asks for, whether rendering will come to it or not.
std::unique_ptr<Source> parse_all(Source source, const MustacheOptions& options,
                                  Partials& partials) {
  bool line_is_standalone = true;
  std::set<std::string> wanted;
  const auto parse = [&](Source& into) {
    MustacheParser parser(into.name, into.text);
    into.nodes = parser.parse(line_is_standalone);
    for (const std::string& name : parser.partials())
      if (partials.find(name) == partials.end()) wanted.insert(name);
  };
  auto whole = std::make_unique<Source>(std::move(source));
  parse(*whole);
  while (!wanted.empty()) {
    const std::string name = wanted.extract(wanted.begin()).value();
    auto& partial = partials[name];
    if (!options.partial) continue;
    if (auto text = options.partial(name)) {
      partial = std::make_unique<Source>(Source{name + ".mustache", std::move(*text), {}});
      parse(*partial);
    }
  }
  return whole;
}

bool is_false(const Term& value) {
  if (value.is_atom()) {
    const std::string& text = value.atom_text();
    return text == "false" || text == "nil" || text == "null" || text == "undefined";
  }
  return value.is_nil() || (value.is_binary() && value.bytes().empty());
}

// A context that names are looked up in: bbmustache takes for one what begins with a tuple.
bool is_atoms(const Term& value) {
  return value.is_proper_list() &&
         std::all_of(value.elements().begin(), value.elements().end(),
                     [](const Term& element) { return element.is_atom(); });
}

bool has_names(const Term& value) {
  return value.is_map() || (value.is_list() && !value.elements().empty() && value[0].is_tuple());
}

void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

// Appends iodata (`bytes`: list elements are bytes) or chardata (they are code points, binaries
// UTF-8). False when the value is neither. `lists` counts those in it.
bool append_text(std::string& out, const Term& value, bool bytes, size_t& lists) {
  if (value.is_binary()) {
    if (bytes)
      out += value.bytes();
    else
      for (const char32_t c : sys::code_points(value.bytes()))
        sys::append_utf8(out, c);
    return true;
  }
  if (!value.is_list()) return false;
  ++lists;
  for (const Term& element : value.elements()) {
    if (element.is_small_integer()) {
      const int64_t c = element.as_integer();
      if (c < 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return false;
      if (bytes && c < 256)
        out += static_cast<char>(c);
      else
        sys::append_utf8(out, static_cast<char32_t>(c));
    } else if (!append_text(out, element, bytes, lists)) {
      return false;
    }
  }
  return value.tail() == nullptr ||
         (value.tail()->is_binary() && append_text(out, *value.tail(), bytes, lists));
}

class Rendering {
 public:
  Rendering(const Partials& partials, const MustacheOptions& options)
      : partials_(partials),
        options_(options),
        own_left_(options.limits),
        left_(options.left == nullptr ? own_left_ : *options.left) {}

  std::string render(const Source& source, const Term& context) {
    contexts_.push_back(context);
    return render(source);
  }

  std::string render(const Source& source, const MustacheNames& context) {
    outermost_ = &context;
    return render(source);
  }

 private:
  std::string render(const Source& source) {
    source_ = &source;
    render_nodes(source.nodes);
    if (!source.nodes.empty()) take_part(source.nodes.back(), 0);
    left_.text -= out_.size();
    return std::move(out_);
  }

  void render_nodes(const Nodes& nodes) {
    for (const MustacheNode& node : nodes) {
      take_part(node);
      switch (node.kind) {
        case Kind::Text:
          render_text(node, &node == &nodes.back());
          break;
        case Kind::Variable:
        case Kind::Raw:
          render_variable(node);
          break;
        case Kind::Section:
          render_section(node);
          break;
        case Kind::Inverted: {
          const auto value = look_up(node);
          if (!value || is_false(*value)) render_nodes(node.children);
          break;
        }
        case Kind::Partial:
          render_partial(node);
          break;
      }
    }
  }

  // Variables, sections and partials that hold each other twice grow without end.
  void take_part(const MustacheNode& node, size_t count = 1) {
    if (left_.parts < count)
      fail(node, fmt::format("{} more than {} parts", the_text_has(), options_.limits.parts));
    left_.parts -= count;
    if (out_.size() > left_.text)
      fail(node, fmt::format("{} more than {} MiB", the_text_has(), options_.limits.text >> 20));
  }

  void take_comparisons(const MustacheNode& node, size_t count) {
    if (left_.comparisons < count)
      fail(node, fmt::format("{} names that are compared more than {} times", the_text_has(),
                             options_.limits.comparisons));
    left_.comparisons -= count;
  }

  std::string_view the_text_has() const {
    return options_.left == nullptr ? "the text has"
                                    : "this text and those of the variables before it have";
  }

  // As bbmustache does it, the line after the last one of a section or partial is not indented.
  void render_text(const MustacheNode& node, bool is_last) {
    out_ += node.text;
    if (!is_last && node.text.back() == '\n') out_ += indent_;
  }

  void render_variable(const MustacheNode& node) {
    const auto value = look_up(node);
    if (!value || value->is_atom("null") || value->is_atom("nil")) return;
    // relx has no such variable any more; sections, of which its documents tell, list ours.
    if (node.keys.size() == 1 && node.keys[0] == "release_applications" && is_atoms(*value)) return;
    const bool raw = node.kind == Kind::Raw;
    std::string text;
    size_t lists = 0;
    if (value->is_atom())
      text = value->atom_text();
    else if (value->is_integer() || value->is_float())
      text = term::print_plain(*value);
    else if (!append_text(text, *value, raw, lists))
      fail(node, fmt::format("variable `{}` has no text: {}", join_keys(node.keys),
                             term::print_plain(*value, true)));
    take_part(node, lists);
    if (options_.escape_html && !raw)
      append_html(out_, text);
    else
      out_ += text;
  }

  void render_section(const MustacheNode& node) {
    const auto value = look_up(node);
    if (!value || is_false(*value)) return;
    if (!value->is_proper_list() || has_names(*value)) return render_in(*value, node.children);
    for (const Term& element : value->elements()) {
      take_part(node);
      render_in(element, node.children);
    }
  }

  void render_in(const Term& context, const Nodes& nodes) {
    contexts_.push_back(context);
    render_nodes(nodes);
    contexts_.pop_back();
  }

  void render_partial(const MustacheNode& node) {
    const Source* partial = partials_.at(std::string(node.text)).get();
    if (partial == nullptr) return;
    if (partial_depth_ == kMaxPartialDepth) fail(node, "partials nest too deep");
    const size_t outer_indent = indent_.size();
    const Source* outer = source_;
    partial_depth_++;
    indent_ += node.indent;
    source_ = partial;
    out_ += node.indent;
    render_nodes(partial->nodes);
    source_ = outer;
    indent_.resize(outer_indent);
    partial_depth_--;
  }

  // The first part of a dotted name may stand in any context, the others stand in what it names.
  std::optional<Term> look_up(const MustacheNode& node) {
    const auto& keys = node.keys;
    if (keys.empty() || keys[0] == ".") {
      if (!contexts_.empty()) return contexts_.back();
      take_comparisons(node, outermost_->size());
      return outermost_->all();
    }
    std::optional<Term> value;
    for (auto context = contexts_.rbegin(); !value && context != contexts_.rend(); ++context)
      value = find(node, *context, keys[0]);
    if (!value && outermost_ != nullptr) {
      take_comparisons(node, outermost_->depth());
      value = value_of(node, outermost_->find(keys[0]));
    }
    for (size_t i = 1; value && i < keys.size(); i++)
      value = find(node, *value, keys[i]);
    return value;
  }

  std::optional<Term> find(const MustacheNode& node, const Term& context, const std::string& key) {
    const bool is_short = context.is_list() && context.elements().size() <= kManyNames;
    take_comparisons(node, is_short ? 1 + context.elements().size() : 1);
    if (!has_names(context)) return std::nullopt;
    if (context.is_map()) {
      const Term* value = context.find(Term::atom(key));
      return value == nullptr ? std::nullopt : std::optional(*value);
    }
    const Terms& elements = context.elements();
    if (!is_short) return value_of(node, indexed(context).find(key));
    const auto found = std::find_if(elements.begin(), elements.end(), [&](const Term& element) {
      return element.is_atom(key) || element.is_tagged(key);
    });
    return value_of(node, found == elements.end() ? nullptr : &*found);
  }

  std::optional<Term> value_of(const MustacheNode& node, const Term* element) const {
    if (element == nullptr) return std::nullopt;
    if (element->is_atom()) return Term::boolean(true);
    if (element->is_tuple(2)) return (*element)[1];
    fail(node, fmt::format("variable `{}` is no pair of name and value: {}", join_keys(node.keys),
                           term::print_plain(*element, true)));
  }

  // The names of a long list, which is kept, so that no other one can have its place in memory.
  const MustacheNames& indexed(const Term& list) {
    auto& known = indexes_[list.elements().data()];
    if (!known) known = std::make_unique<Index>(Index{list, MustacheNames(list)});
    return known->names;
  }

  [[noreturn]] void fail(const MustacheNode& node, const std::string& message) const {
    throw Error(source_->name, term::position_of(source_->text, node.offset), message);
  }

  const Partials& partials_;
  const MustacheOptions& options_;
  MustacheLimits own_left_;
  MustacheLimits& left_;
  const Source* source_ = nullptr;            // whose nodes are being rendered
  std::vector<Term> contexts_;                // the innermost is the last
  const MustacheNames* outermost_ = nullptr;  // around these, if any
  struct Index {
    Term list;
    MustacheNames names;
  };
  std::unordered_map<const Term*, std::unique_ptr<Index>> indexes_;  // by the list's elements
  std::string indent_;  // what partials being rendered put before each of their lines
  int partial_depth_ = 0;
  std::string out_;
};

}  // namespace

std::string render_mustache(const std::string& name, std::string_view text, const Term& context,
                            const MustacheOptions& options) {
  Partials partials;
  const auto source = parse_all({name, std::string(text), {}}, options, partials);
  return Rendering(partials, options).render(*source, context);
}

std::string render_mustache(const std::string& name, std::string_view text,
                            const MustacheNames& context, const MustacheOptions& options) {
  Partials partials;
  const auto source = parse_all({name, std::string(text), {}}, options, partials);
  return Rendering(partials, options).render(*source, context);
}

}  // namespace relmk::relx
