#include "sys/wildcard.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>

#include "sys/error.h"
#include "sys/utf8.h"

namespace relmk::sys {
namespace {

// A pattern is split at slashes, and each part becomes a sequence of elements.
struct Element {
  enum class Kind { Literal, Any, Star, OneOf, Alternatives };
  Kind kind = Kind::Literal;
  char32_t literal = 0;
  std::vector<std::pair<char32_t, char32_t>> ranges;  // OneOf
  std::vector<std::vector<Element>> alternatives;     // each with all that follows it
};
using Part = std::vector<Element>;

// Of one part, when every choice among its alternatives is written out.
constexpr size_t kMostElements = 10'000;
constexpr int kMostBraces = 1'000;

[[noreturn]] void fail_long(const std::string& pattern) {
  constexpr size_t kShown = 60;
  const bool is_long = pattern.size() > kShown;
  throw Error(fmt::format("bad pattern: {}{}: a name has more than {} elements, or {} braces",
                          pattern.substr(0, kShown), is_long ? "..." : "", kMostElements,
                          kMostBraces));
}

// With those of its alternatives.
size_t element_count(const Part& part) {
  size_t count = part.size();
  for (const Element& element : part) {
    for (const Part& alternative : element.alternatives)
      count += element_count(alternative);
  }
  return count;
}

class PartParser {
 public:
  PartParser(const std::string& pattern, std::u32string text)
      : pattern_(pattern), text_(std::move(text)) {}

  Part parse() { return sequence(false); }
  bool is_double_star() const { return text_ == U"**"; }
  bool is_literal(const Part& part) const {
    return std::all_of(part.begin(), part.end(),
                       [](const Element& e) { return e.kind == Element::Kind::Literal; });
  }

 private:
  // Up to the end, or inside braces up to the next comma or brace, which is left to the caller.
  Part sequence(bool inside_braces) {
    Part part;
    while (at_ < text_.size()) {
      const char32_t c = text_[at_];
      if (inside_braces && (c == U',' || c == U'}')) return part;
      ++at_;
      if (c == U'\\' && at_ < text_.size()) {
        part.push_back({Element::Kind::Literal, text_[at_++], {}, {}});
      } else if (c == U'?') {
        part.push_back({Element::Kind::Any, 0, {}, {}});
      } else if (c == U'*') {
        part.push_back({Element::Kind::Star, 0, {}, {}});
      } else if (c == U'[' && one_of(part)) {
      } else if (c == U'{') {
        part.push_back(alternatives());
        return part;
      } else {
        part.push_back({Element::Kind::Literal, c, {}, {}});
      }
    }
    return part;
  }

  // After `[`. A set without its `]` is no set: the bracket stands for itself.
  bool one_of(Part& part) {
    const size_t start = at_;
    Element set{Element::Kind::OneOf, 0, {}, {}};
    for (bool first = true; at_ < text_.size(); first = false) {
      const char32_t low = text_[at_++];
      if (low == U']' && !first) {
        part.push_back(std::move(set));
        return true;
      }
      char32_t high = low;
      if (at_ + 1 < text_.size() && text_[at_] == U'-' && low <= text_[at_ + 1] &&
          !first_of(low, first)) {
        high = text_[at_ + 1];
        at_ += 2;
      }
      set.ranges.emplace_back(low, high);
    }
    at_ = start;
    return false;
  }
  // A `]` that opens a set is a member of it, not the lower end of a range.
  static bool first_of(char32_t c, bool first) { return first && c == U']'; }

  // After `{`.
  Element alternatives() {
    if (++braces_ > kMostBraces) fail_long(pattern_);
    Element choice{Element::Kind::Alternatives, 0, {}, {}};
    while (true) {
      choice.alternatives.push_back(sequence(true));
      if (at_ == text_.size()) throw Error("bad pattern: " + pattern_ + ": a { is not closed");
      if (text_[at_++] == U'}') break;
    }
    const Part rest = sequence(false);
    if (choice.alternatives.size() * element_count(rest) > kMostElements) fail_long(pattern_);
    for (Part& alternative : choice.alternatives) {
      alternative.insert(alternative.end(), rest.begin(), rest.end());
    }
    return choice;
  }

  const std::string& pattern_;
  std::u32string text_;
  size_t at_ = 0;
  int braces_ = 0;
};

// How a name is matched. Where a star fails at one place, it fails there again.
class Matching {
 public:
  bool matches(const Part& part, size_t from, std::u32string_view name);

 private:
  std::set<std::pair<const Element*, size_t>> failed_;  // stars, with how much of the name was left
};

bool Matching::matches(const Part& part, size_t from, std::u32string_view name) {
  for (size_t i = from; i < part.size(); ++i) {
    const Element& element = part[i];
    switch (element.kind) {
      case Element::Kind::Star:
        if (failed_.count({&element, name.size()}) > 0) return false;
        for (size_t skip = 0; skip <= name.size(); ++skip) {
          if (matches(part, i + 1, name.substr(skip))) return true;
        }
        failed_.emplace(&element, name.size());
        return false;
      case Element::Kind::Alternatives:
        return std::any_of(element.alternatives.begin(), element.alternatives.end(),
                           [&](const Part& alternative) { return matches(alternative, 0, name); });
      case Element::Kind::Any:
        if (name.empty()) return false;
        break;
      case Element::Kind::Literal:
        if (name.empty() || name[0] != element.literal) return false;
        break;
      case Element::Kind::OneOf:
        if (name.empty() ||
            std::none_of(element.ranges.begin(), element.ranges.end(), [&](const auto& range) {
              return range.first <= name[0] && name[0] <= range.second;
            })) {
          return false;
        }
        break;
    }
    name.remove_prefix(1);
  }
  return name.empty();
}

struct Step {
  bool double_star = false;
  bool literal = false;
  std::string text;
  Part part;
};

class Search {
 public:
  Search(std::vector<Step> steps, const WildcardNames& names)
      : steps_(std::move(steps)), names_(names) {}

  std::vector<fs::path> run(const fs::path& root) {
    follow(root, 0);
    std::sort(found_.begin(), found_.end(),
              [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
    return std::move(found_);
  }

 private:
  static constexpr int kDeepest =
      64;  // levels below a **, against links that lead round in circles

  void follow(const fs::path& path, size_t at) {
    if (at == steps_.size()) {
      found_.push_back(path);
      return;
    }
    const Step& step = steps_[at];
    if (step.double_star) {
      below(path, at + 1, kDeepest);
    } else if (step.literal) {
      const fs::path next = path / step.text;
      if (names_.exists(next)) follow(next, at + 1);
    } else {
      for (const std::string& name : names_.names_in(path)) {
        if (Matching().matches(step.part, 0, code_points(name))) follow(path / name, at + 1);
      }
    }
  }

  // Every entry at any level below `path` on which the rest of the pattern matches.
  void below(const fs::path& path, size_t at, int levels) {
    if (levels == 0) return;
    for (const std::string& name : names_.names_in(path)) {
      const fs::path full = path / name;
      below(full, at, levels - 1);
      if (at == steps_.size()) {
        found_.push_back(full);
      } else if (Matching().matches(steps_[at].part, 0, code_points(name))) {
        follow(full, at + 1);
      }
    }
  }

  std::vector<Step> steps_;
  const WildcardNames& names_;
  std::vector<fs::path> found_;
};

}  // namespace

std::vector<fs::path> wildcard(const std::string& pattern, const WildcardNames& names) {
  std::vector<Step> steps;
  for (size_t at = 0; at < pattern.size();) {
    const size_t slash = std::min(pattern.find('/', at), pattern.size());
    if (slash > at) {
      PartParser parser(pattern, code_points(std::string_view(pattern).substr(at, slash - at)));
      Step step;
      step.part = parser.parse();
      if (element_count(step.part) > kMostElements) fail_long(pattern);
      step.double_star = parser.is_double_star();
      step.literal = !step.double_star && parser.is_literal(step.part);
      for (const Element& element : step.part) {
        if (step.literal && element.literal < 0x80) step.text += static_cast<char>(element.literal);
        if (step.literal && element.literal >= 0x80) step.literal = false;
      }
      steps.push_back(std::move(step));
    }
    at = slash + 1;
  }
  if (steps.empty()) return {};
  const bool absolute = pattern.front() == '/';
  return Search(std::move(steps), names).run(absolute ? "/" : "");
}

std::vector<fs::path> wildcard(const std::string& pattern, const fs::path& directory) {
  WildcardNames on_disk;
  on_disk.names_in = [&](const fs::path& path) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry :
         fs::directory_iterator(directory / (path.empty() ? "." : path), ignored)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  };
  on_disk.exists = [&](const fs::path& path) {
    std::error_code ignored;
    return fs::symlink_status(directory / path, ignored).type() != fs::file_type::not_found;
  };
  return wildcard(pattern, on_disk);
}

}  // namespace relmk::sys
