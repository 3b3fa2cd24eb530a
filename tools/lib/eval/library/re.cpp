// Module re, on PCRE2. OTP up to 27 has PCRE 1: what the two are known to take differently is left
// to the VM.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <map>

#include "eval/library/support.h"
#include "sys/utf8.h"
#include "term/character_data.h"

namespace relmk::eval {
namespace re_module {
namespace {

struct Group {
  size_t from = 0;
  size_t to = 0;
  bool set = false;
};
using Groups = std::vector<Group>;  // as many as were tried: the last one is set

class Pattern : public term::Opaque {
 public:
  Pattern(pcre2_code* code, bool unicode) : code_(code), unicode_(unicode) {}
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  ~Pattern() override { pcre2_code_free(code_); }
  std::string text() const override { return "#Ref<re>"; }
  bool unicode() const { return unicode_; }
  pcre2_code* code() const { return code_; }

  size_t group_count() const {
    uint32_t count = 0;
    pcre2_pattern_info(code_, PCRE2_INFO_CAPTURECOUNT, &count);
    return count;
  }

  std::optional<size_t> group_named(const std::string& name) const {
    const int number =
        pcre2_substring_number_from_name(code_, reinterpret_cast<PCRE2_SPTR>(name.c_str()));
    if (number < 0) return {};
    return static_cast<size_t>(number);
  }

  // The groups of the first match at or after `from`; nullopt when there is none.
  std::optional<Groups> match(const std::string& subject, size_t from, uint32_t flags) const {
    pcre2_match_data* data = pcre2_match_data_create_from_pattern(code_, nullptr);
    const int count = pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(subject.data()),
                                  subject.size(), from, flags, data, nullptr);
    std::optional<Groups> groups;
    if (count > 0) {
      const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data);
      groups.emplace();
      for (int i = 0; i < count; ++i) {
        const bool set = offsets[2 * i] != PCRE2_UNSET;
        groups->push_back(set ? Group{offsets[2 * i], offsets[2 * i + 1], true} : Group{});
      }
    }
    pcre2_match_data_free(data);
    if (count < 0 && count != PCRE2_ERROR_NOMATCH) leave_to_vm("re with a failing match");
    return groups;
  }

 private:
  pcre2_code* code_;
  bool unicode_;
};

struct Options {
  uint32_t compile = 0;
  uint32_t match = 0;
  size_t offset = 0;
  bool unicode = false;
  bool global = false;
  bool trim = false;
  int64_t parts = 0;  // of split; 0: as many as there are
  Term captured = Term::atom("all");
  std::string type = "index";
  std::string returned = "iodata";
};

const std::map<std::string, uint32_t>& compile_flags() {
  static const std::map<std::string, uint32_t> flags = {{"anchored", PCRE2_ANCHORED},
                                                        {"caseless", PCRE2_CASELESS},
                                                        {"dollar_endonly", PCRE2_DOLLAR_ENDONLY},
                                                        {"dotall", PCRE2_DOTALL},
                                                        {"dupnames", PCRE2_DUPNAMES},
                                                        {"extended", PCRE2_EXTENDED},
                                                        {"firstline", PCRE2_FIRSTLINE},
                                                        {"multiline", PCRE2_MULTILINE},
                                                        {"no_auto_capture", PCRE2_NO_AUTO_CAPTURE},
                                                        {"ucp", PCRE2_UCP},
                                                        {"ungreedy", PCRE2_UNGREEDY}};
  return flags;
}

const std::map<std::string, uint32_t>& match_flags() {
  static const std::map<std::string, uint32_t> flags = {
      {"notbol", PCRE2_NOTBOL},
      {"noteol", PCRE2_NOTEOL},
      {"notempty", PCRE2_NOTEMPTY},
      {"notempty_atstart", PCRE2_NOTEMPTY_ATSTART}};
  return flags;
}

bool read_flag(const std::string& name, Options& options) {
  if (const auto flag = compile_flags().find(name); flag != compile_flags().end()) {
    options.compile |= flag->second;
  } else if (const auto at = match_flags().find(name); at != match_flags().end()) {
    options.match |= at->second;
  } else if (name == "unicode") {
    options.unicode = true;
  } else if (name == "global") {
    options.global = true;
  } else if (name == "trim") {
    options.trim = true;
  } else {
    return false;
  }
  return true;
}

bool read_pair(const Term& option, Options& options) {
  if (option.is_tagged("capture", 2) || option.is_tagged("capture", 3)) {
    options.captured = option[1];
    if (option.is_tagged("capture", 3))
      options.type = option[2].is_atom() ? option[2].atom_text() : "";
    return options.type == "index" || options.type == "list" || options.type == "binary";
  }
  if (option.is_tagged("return", 2) && option[1].is_atom()) {
    options.returned = option[1].atom_text();
    return options.returned == "list" || options.returned == "binary" ||
           options.returned == "iodata";
  }
  if (option.is_tagged("offset", 2) && option[1].is_small_integer() &&
      option[1].as_integer() >= 0) {
    options.offset = static_cast<size_t>(option[1].as_integer());
    return true;
  }
  if (option.is_tagged("parts", 2)) {
    if (option[1].is_atom("infinity")) return true;
    if (!option[1].is_small_integer() || option[1].as_integer() < 2) return false;
    options.parts = option[1].as_integer();
    return true;
  }
  return false;
}

Options read_options(const Term& list) {
  Options options;
  for (const Term& option : list_elements(list)) {
    const bool known = option.is_atom() ? read_flag(option.atom_text(), options)
                                        : option.is_tuple() && read_pair(option, options);
    if (!known) leave_to_vm("re with other options");
  }
  return options;
}

// The bytes that PCRE sees: UTF-8 with the option unicode, else Latin-1.
std::string bytes_of(const Term& text, bool unicode) {
  if (unicode) {
    const std::optional<std::u32string> code_points = term::chardata(text);
    if (!code_points) raise_badarg();
    return sys::utf8(*code_points);
  }
  std::optional<std::string> bytes = term::iodata(text);
  if (!bytes) raise_badarg();
  // OTP's tables for letters are those of Latin-1, Debian's those of ASCII.
  const bool ascii = std::all_of(bytes->begin(), bytes->end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) leave_to_vm("re with characters beyond ASCII");
  return *bytes;
}

std::shared_ptr<const Pattern> compiled(const Term& expression, const Options& options) {
  if (expression.is_tagged("re_pattern", 5)) {
    if (expression[4].kind() != term::TermKind::Reference) leave_to_vm("re with a foreign pattern");
    const auto* pattern = dynamic_cast<const Pattern*>(&expression[4].as_opaque());
    if (pattern == nullptr) leave_to_vm("re with a foreign pattern");
    return {std::shared_ptr<const Pattern>(), pattern};
  }
  const std::string text = bytes_of(expression, options.unicode);
  const uint32_t flags = options.compile | (options.unicode ? PCRE2_UTF : 0U);
  int error = 0;
  PCRE2_SIZE at = 0;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), flags,
                                   &error, &at, nullptr);
  if (code == nullptr) leave_to_vm("re with a malformed expression");
  return std::make_shared<const Pattern>(code, options.unicode);
}

// All matches, as Perl's /g goes on after an empty one.
std::vector<Groups> matches_of(const Pattern& pattern, const std::string& subject,
                               const Options& options) {
  std::vector<Groups> all;
  size_t from = options.offset;
  if (from > subject.size()) raise_badarg();
  uint32_t after_empty = 0;
  while (from <= subject.size()) {
    const auto groups = pattern.match(subject, from, options.match | after_empty);
    if (groups) {
      all.push_back(*groups);
      if (!options.global) break;
      const Group& whole = (*groups)[0];
      after_empty = whole.to == whole.from ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
      from = whole.to;
    } else if (after_empty != 0) {
      after_empty = 0;
      do {
        ++from;
      } while (pattern.unicode() && from < subject.size() && (subject[from] & 0xc0) == 0x80);
    } else {
      break;
    }
  }
  return all;
}

Term value_of(const Group& group, const std::string& subject, const std::string& type) {
  if (type == "index") {
    if (!group.set) return Term::tuple({-1, 0});
    return Term::tuple(
        {static_cast<int64_t>(group.from), static_cast<int64_t>(group.to - group.from)});
  }
  const std::string text = group.set ? subject.substr(group.from, group.to - group.from) : "";
  if (type == "binary") return Term::binary(text);
  return Term::string(text);
}

Group group_at(const Groups& groups, size_t index) {
  return index < groups.size() ? groups[index] : Group{};
}

// The groups that {capture, …} asks for.
Groups captured_groups(const Groups& groups, const Pattern& pattern, const Term& spec) {
  if (spec.is_atom("all")) return groups;
  if (spec.is_atom("first")) return {groups[0]};
  if (spec.is_atom("all_but_first")) return {groups.begin() + 1, groups.end()};
  if (!spec.is_proper_list()) leave_to_vm("re with another capture");
  Groups chosen;
  for (const Term& id : spec.elements()) {
    std::optional<size_t> index;
    if (id.is_small_integer() && id.as_integer() >= 0) {
      index = static_cast<size_t>(id.as_integer());
    } else if (id.is_atom()) {
      index = pattern.group_named(id.atom_text());
    } else if (id.is_string()) {
      index = pattern.group_named(id.to_utf8());
    } else {
      leave_to_vm("re with another capture");
    }
    chosen.push_back(index ? group_at(groups, *index) : Group{});
  }
  return chosen;
}

Term run(Evaluator&, const Terms& a) {
  const Options options = read_options(a.size() == 3 ? a[2] : Term());
  const auto pattern = compiled(a[1], options);
  const bool unicode = pattern->unicode() || options.unicode;
  const std::string subject = bytes_of(a[0], unicode);
  const std::vector<Groups> matches = matches_of(*pattern, subject, options);
  if (matches.empty()) return Term::atom("nomatch");
  if (options.captured.is_atom("none") || options.captured.is_nil()) return Term::atom("match");
  Terms all;
  for (const Groups& groups : matches) {
    Terms values;
    for (const Group& group : captured_groups(groups, *pattern, options.captured))
      values.push_back(value_of(group, subject, options.type));
    all.push_back(Term::list(std::move(values)));
  }
  if (!options.global && all[0].is_nil()) return Term::atom("match");
  return Term::tuple({Term::atom("match"), options.global ? Term::list(std::move(all)) : all[0]});
}

Term compile(Evaluator&, const Terms& a) {
  const Options options = read_options(a.size() == 2 ? a[1] : Term());
  const auto pattern = compiled(a[0], options);
  return ok(
      Term::tuple({Term::atom("re_pattern"), static_cast<int64_t>(pattern->group_count()),
                   options.unicode ? 1 : 0, 0, Term::opaque(term::TermKind::Reference, pattern)}));
}

// `&` and \0 stand for the match, \N and \g{N} for groups.
std::string expanded(const std::string& replacement, const Groups& groups,
                     const std::string& subject) {
  std::string text;
  const auto add = [&](size_t index) {
    const Group group = group_at(groups, index);
    if (group.set) text.append(subject, group.from, group.to - group.from);
  };
  for (size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c == '&') {
      add(0);
    } else if (c != '\\' || i + 1 == replacement.size()) {
      text += c;
    } else if (replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
      size_t index = 0;
      while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9')
        index = index * 10 + static_cast<size_t>(replacement[++i] - '0');
      add(index);
    } else if (replacement[i + 1] == 'g') {
      leave_to_vm("re:replace with \\g");
    } else {
      text += replacement[++i];
    }
  }
  return text;
}

// Text as the option `return` wants it. iodata has a shape of its own in OTP.
Term returned(const std::string& text, const Options& options) {
  if (options.returned == "binary") return Term::binary(text);
  if (options.returned == "list") return Term::string(text);
  return with_uncertain_shape({Term::binary(text)});
}

Term replace(Evaluator&, const Terms& a) {
  const Options options = read_options(a.size() == 4 ? a[3] : Term());
  const auto pattern = compiled(a[1], options);
  const bool unicode = pattern->unicode() || options.unicode;
  const std::string subject = bytes_of(a[0], unicode);
  if (!a[2].is_list() && !a[2].is_binary()) leave_to_vm("re:replace by a fun");
  const std::string replacement = bytes_of(a[2], unicode);
  std::string text;
  size_t from = 0;
  for (const Groups& groups : matches_of(*pattern, subject, options)) {
    text.append(subject, from, groups[0].from - from);
    text += expanded(replacement, groups, subject);
    from = groups[0].to;
  }
  text.append(subject, from);
  return returned(text, options);
}

Term split(Evaluator&, const Terms& a) {
  Options options = read_options(a.size() == 3 ? a[2] : Term());
  const auto pattern = compiled(a[1], options);
  const std::string subject = bytes_of(a[0], pattern->unicode() || options.unicode);
  options.global = true;
  std::vector<std::string> parts;
  size_t from = 0;
  int64_t splits = 0;
  for (const Groups& groups : matches_of(*pattern, subject, options)) {
    if (groups[0].from == groups[0].to) leave_to_vm("re:split at empty matches");
    if (options.parts > 0 && ++splits == options.parts) break;
    parts.push_back(subject.substr(from, groups[0].from - from));
    for (size_t i = 1; i <= pattern->group_count(); ++i) {
      const Group group = group_at(groups, i);
      parts.push_back(group.set ? subject.substr(group.from, group.to - group.from) : "");
    }
    from = groups[0].to;
  }
  parts.push_back(subject.substr(from));
  while (options.trim && !parts.empty() && parts.back().empty())
    parts.pop_back();
  Terms all;
  for (const std::string& piece : parts)
    all.push_back(options.returned == "list" ? Term::string(piece) : Term::binary(piece));
  return Term::list(std::move(all));
}

constexpr LibraryFunction kFunctions[] = {
    {"compile", 1, compile}, {"compile", 2, compile}, {"replace", 3, replace},
    {"replace", 4, replace}, {"run", 2, run},         {"run", 3, run},
    {"split", 2, split},     {"split", 3, split},
};

}  // namespace
}  // namespace re_module

LibraryTable re_functions() {
  return re_module::kFunctions;
}

}  // namespace relmk::eval
