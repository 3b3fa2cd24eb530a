#include "make/taken_rules.h"

#include <algorithm>
#include <optional>
#include <set>

namespace relmk::make {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The end of the reference to a variable or function that begins at `at`, a `$`.
size_t end_of_reference(std::string_view text, size_t at) {
  if (at + 1 >= text.size()) return text.size();
  const char open = text[at + 1];
  if (open != '(' && open != '{') return at + 2;
  const char close = open == '(' ? ')' : '}';
  int depth = 0;
  for (size_t i = at + 1; i < text.size(); i++) {
    if (text[i] == open) depth++;
    if (text[i] == close && --depth == 0) return i + 1;
  }
  return text.size();
}

// The first of `characters` that stands in no reference; npos where there is none.
size_t find_outside(std::string_view text, std::string_view characters, size_t from = 0) {
  for (size_t i = from; i < text.size();) {
    if (text[i] == '$' && characters.find('$') == std::string_view::npos) {
      i = end_of_reference(text, i);
      continue;
    }
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '#') {
      i += 2;
      continue;
    }
    if (characters.find(text[i]) != std::string_view::npos) return i;
    i++;
  }
  return std::string_view::npos;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  for (size_t i = text.find_first_not_of(kBlanks); i < text.size();) {
    const size_t end = std::min(find_outside(text, kBlanks, i), text.size());
    found.emplace_back(text.substr(i, end - i));
    i = std::min(text.find_first_not_of(kBlanks, end), text.size());
  }
  return found;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts)
    text += (text.empty() ? "" : " ") + part;
  return text;
}

bool begins_with_word(std::string_view line, std::initializer_list<std::string_view> set) {
  const std::string_view word = line.substr(0, line.find_first_of(" \t("));
  return std::find(set.begin(), set.end(), word) != set.end();
}

bool is_conditional(std::string_view line) {
  return begins_with_word(line, {"ifeq", "ifneq", "ifdef", "ifndef", "else", "endif"});
}

bool is_include(std::string_view line) {
  return begins_with_word(line, {"include", "-include", "sinclude"});
}

bool is_directive(std::string_view line) {
  return is_conditional(line) || is_include(line) ||
         begins_with_word(line, {"define", "endef", "export", "unexport", "override", "private",
                                 "undefine", "vpath", "load", "-load"});
}

// Whether a line begins a definition in several lines, with any modifiers before `define`.
bool begins_define(std::string_view line) {
  const std::vector<std::string> all = words(line);
  for (const std::string& word : all) {
    if (word == "define") return all.size() < 3 || all.back() != "endef";
    if (word != "export" && word != "override" && word != "private" && word != "unexport") break;
  }
  return false;
}

// A rule's line in its parts.
struct Rule {
  std::vector<std::string> targets;
  std::string separator;  // `:` or `::`
  std::string rest;       // prerequisites, or a variable's assignment; without comment and recipe
  std::string recipe;     // from the `;` on
};

// nullopt for an assignment and whatever else is no rule.
std::optional<Rule> read_rule(std::string_view line) {
  const size_t colon = find_outside(line, ":=#");
  if (colon == std::string_view::npos || line[colon] != ':') return std::nullopt;
  size_t end = colon;
  while (end < line.size() && line[end] == ':')
    end++;
  if (end < line.size() && line[end] == '=') return std::nullopt;
  Rule rule;
  std::string_view targets = line.substr(0, colon);
  if (!targets.empty() && targets.back() == '&') targets.remove_suffix(1);
  rule.targets = words(targets);
  rule.separator = line.substr(colon, end - colon);
  const size_t rest_end = std::min(find_outside(line, ";#", end), line.size());
  rule.rest = trim(line.substr(end, rest_end - end));
  if (rest_end < line.size() && line[rest_end] == ';') rule.recipe = line.substr(rest_end);
  return rule;
}

// The variable that a rule's rest assigns for its targets; empty where it names prerequisites.
std::string assigned_variable(const std::string& rest) {
  const size_t equals = find_outside(rest, "=");
  if (equals == std::string::npos) return {};
  std::string_view name = std::string_view(rest).substr(0, equals);
  while (!name.empty() && std::string_view("?+!:").find(name.back()) != std::string_view::npos) {
    name.remove_suffix(1);
  }
  const std::vector<std::string> before = words(name);
  return before.empty() ? std::string() : before.back();
}

// Physical lines, each with its newline where it has one.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t i = 0; i < text.size();) {
    const size_t newline = text.find('\n', i);
    const size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(i, end - i));
    i = end;
  }
  return lines;
}

bool is_continued(std::string_view line) {
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  size_t backslashes = 0;
  while (backslashes < line.size() && line[line.size() - 1 - backslashes] == '\\')
    backslashes++;
  return backslashes % 2 == 1;
}

// A line as make reads it: physical ones joined where a backslash ends them.
struct LogicalLine {
  std::string text;
  std::string_view source;  // what it was read from
  size_t newlines = 0;
};

std::vector<LogicalLine> logical_lines(std::string_view text) {
  std::vector<LogicalLine> found;
  const std::vector<std::string_view> lines = lines_of(text);
  for (size_t i = 0; i < lines.size();) {
    const size_t first = i;
    LogicalLine line;
    for (bool more = true; more && i < lines.size(); i++) {
      std::string_view part = lines[i];
      more = is_continued(part);
      if (!part.empty() && part.back() == '\n') {
        part.remove_suffix(1);
        line.newlines++;
      }
      if (more) part.remove_suffix(1);
      line.text += (i == first ? "" : " ") + std::string(i == first ? part : trim(part));
    }
    const char* begin = lines[first].data();
    line.source = std::string_view(
        begin, static_cast<size_t>(lines[i - 1].data() + lines[i - 1].size() - begin));
    found.push_back(std::move(line));
  }
  return found;
}

// Copies a makefile and leaves the taken rules out.
class Copy {
 public:
  explicit Copy(const TakenRules& taken) : taken_(taken) {}

  void add(const LogicalLine& line) {
    const std::string_view text = trim(line.text);
    if (define_depth_ > 0) {
      if (begins_define(text)) define_depth_++;
      if (begins_with_word(text, {"endef"})) define_depth_--;
      keep(line);
    } else if (in_rule_ && line.text.rfind('\t', 0) == 0) {
      if (dropping_)
        replace(line, "");
      else
        keep(line);
    } else if (text.empty() || text.front() == '#' || is_conditional(text)) {
      keep(line);  // these may stand inside of a recipe
    } else {
      in_rule_ = dropping_ = false;
      if (begins_define(text)) define_depth_ = 1;
      const std::optional<Rule> rule = is_directive(text) ? std::nullopt : read_rule(text);
      if (rule)
        add_rule(line, *rule);
      else
        keep(line);
    }
  }

  MakefileText result() && { return {std::move(text_), {found_.begin(), found_.end()}}; }

 private:
  void add_rule(const LogicalLine& line, const Rule& rule) {
    in_rule_ = true;
    std::vector<std::string> ours;
    std::vector<std::string> others;
    for (const std::string& target : rule.targets) {
      (contains(taken_.targets, target) ? ours : others).push_back(target);
    }
    const std::string variable = assigned_variable(rule.rest);
    if (ours.empty() || (!variable.empty() && !contains(taken_.variables, variable))) {
      keep(line);
      return;
    }
    found_.insert(ours.begin(), ours.end());
    std::string text = others.empty() ? "" : joined(others) + rule.separator + " " + rule.rest;
    if (variable.empty()) {
      const std::string left = joined(ours) + ": $(call relmk_kept," + rule.rest + ")";
      text = others.empty() ? left : "$(eval " + left + ")" + text + " " + rule.recipe;
    }
    replace(line, text);
    dropping_ = others.empty() && variable.empty();
  }

  void keep(const LogicalLine& line) { text_ += line.source; }
  void replace(const LogicalLine& line, const std::string& text) {
    text_ += text + std::string(line.newlines, '\n');
  }

  const TakenRules& taken_;
  std::string text_;
  std::set<std::string> found_;
  int define_depth_ = 0;
  bool in_rule_ = false;
  bool dropping_ = false;
};

}  // namespace

MakefileText without_rules(std::string_view makefile, const TakenRules& taken) {
  Copy copy(taken);
  for (const LogicalLine& line : logical_lines(makefile))
    copy.add(line);
  return std::move(copy).result();
}

std::vector<std::string> included_names(std::string_view makefile) {
  std::vector<std::string> names;
  for (const LogicalLine& line : logical_lines(makefile)) {
    const std::string_view text = trim(line.text);
    if (line.text.rfind('\t', 0) == 0 || !is_include(text)) continue;
    std::vector<std::string> all = words(text.substr(0, find_outside(text, "#")));
    names.insert(names.end(), all.begin() + 1, all.end());
  }
  return names;
}

}  // namespace relmk::make
