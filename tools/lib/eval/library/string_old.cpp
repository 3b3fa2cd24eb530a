// Module string, the functions of old: a string is a flat list.
#include <algorithm>

#include "eval/evaluate/operators.h"
#include "eval/library/erlang.h"
#include "eval/library/string.h"
#include "eval/library/support.h"

namespace relmk::eval {
namespace string_old_module {
namespace {

Term part(const Terms& all, size_t from, size_t to) {
  from = std::min(from, all.size());
  to = std::clamp(to, from, all.size());
  return Term::list(Terms(all.begin() + static_cast<std::ptrdiff_t>(from),
                          all.begin() + static_cast<std::ptrdiff_t>(to)));
}

Term tokens(Evaluator&, const Terms& a) {
  const Terms& all = list_elements(a[0]);
  const Terms& separators = list_elements(a[1]);
  Terms found;
  Terms token;
  const auto end_token = [&] {
    if (!token.empty()) found.push_back(Term::list(std::move(token)));
    token.clear();
  };
  for (const Term& c : all) {
    if (std::find(separators.begin(), separators.end(), c) != separators.end()) {
      end_token();
    } else {
      token.push_back(c);
    }
  }
  end_token();
  return Term::list(std::move(found));
}

Term join(Evaluator&, const Terms& a) {
  const Terms& separator = list_elements(a[1]);
  const Terms& strings = list_elements(a[0]);
  if (!strings.empty() && !strings.front().is_proper_list()) raise_badarg();
  Terms all;
  for (size_t i = 0; i < strings.size(); ++i) {
    if (i > 0) all.insert(all.end(), separator.begin(), separator.end());
    if (i + 1 == strings.size()) return Term::improper_list(std::move(all), strings[i]);
    const Terms& next = list_elements(strings[i]);
    all.insert(all.end(), next.begin(), next.end());
  }
  return Term::list(std::move(all));
}

Term strip(Evaluator&, const Terms& a) {
  const Terms& all = list_elements(a[0]);
  const Term unwanted = a.size() == 3 ? a[2] : Term(int64_t{' '});
  const std::string side = a.size() == 1 ? "both" : a[1].is_atom() ? a[1].atom_text() : "";
  if (!unwanted.is_small_integer() || (side != "both" && side != "left" && side != "right")) {
    leave_to_vm("string:strip with odd arguments");
  }
  size_t from = 0;
  size_t to = all.size();
  while (side != "right" && from < to && all[from] == unwanted)
    ++from;
  while (side != "left" && to > from && all[to - 1] == unwanted)
    --to;
  return part(all, from, to);
}

Term str(Evaluator&, const Terms& a) {
  const Terms& all = list_elements(a[0]);
  const Terms& wanted = list_elements(a[1]);
  if (wanted.empty()) leave_to_vm("string:str/2 of nothing");
  const auto at = std::search(all.begin(), all.end(), wanted.begin(), wanted.end());
  return at == all.end() ? 0 : static_cast<int64_t>(at - all.begin() + 1);
}

Term rstr(Evaluator&, const Terms& a) {
  const Terms& all = list_elements(a[0]);
  const Terms& wanted = list_elements(a[1]);
  if (wanted.empty()) leave_to_vm("string:rstr/2 of nothing");
  const auto at = std::find_end(all.begin(), all.end(), wanted.begin(), wanted.end());
  return at == all.end() ? 0 : static_cast<int64_t>(at - all.begin() + 1);
}

// A character as an argument. These functions take any integer for one.
const Term& character(const Term& term) {
  if (!term.is_integer()) raise_function_clause();
  return term;
}

Term chr(Evaluator&, const Terms& a) {
  const Terms& all = list_elements(a[0]);
  character(a[1]);
  const auto at = std::find(all.begin(), all.end(), a[1]);
  return at == all.end() ? 0 : static_cast<int64_t>(at - all.begin() + 1);
}

Term rchr(Evaluator&, const Terms& a) {
  const Terms& all = list_elements(a[0]);
  character(a[1]);
  const auto at = std::find(all.rbegin(), all.rend(), a[1]);
  return static_cast<int64_t>(all.rend() - at);
}

size_t index(const Term& term, const Terms& all) {
  if (!term.is_small_integer() || term.as_integer() < 1 ||
      static_cast<size_t>(term.as_integer()) > all.size() + 1) {
    leave_to_vm("string:substr with an index out of range");
  }
  return static_cast<size_t>(term.as_integer() - 1);
}

Term substr(Evaluator&, const Terms& a) {
  const Terms& all = list_elements(a[0]);
  const size_t from = index(a[1], all);
  if (a.size() == 2) return part(all, from, all.size());
  if (!a[2].is_small_integer() || a[2].as_integer() < 0) leave_to_vm("string:substr/3");
  return part(all, from, from + static_cast<size_t>(a[2].as_integer()));
}

Term sub_string(Evaluator&, const Terms& a) {
  const Terms& all = list_elements(a[0]);
  const size_t from = index(a[1], all);
  if (a.size() == 2) return part(all, from, all.size());
  if (!a[2].is_small_integer() || a[2].as_integer() < a[1].as_integer() - 1) {
    leave_to_vm("string:sub_string/3");
  }
  return part(all, from, static_cast<size_t>(a[2].as_integer()));
}

// How many characters at the start are, or are not, among the given ones.
Term span_of(const Terms& a, bool among) {
  const Terms& all = list_elements(a[0]);
  const Terms& set = list_elements(a[1]);
  int64_t count = 0;
  for (const Term& c : all) {
    if ((std::find(set.begin(), set.end(), c) != set.end()) != among) break;
    ++count;
  }
  return count;
}

Term span(Evaluator&, const Terms& a) {
  return span_of(a, true);
}
Term cspan(Evaluator&, const Terms& a) {
  return span_of(a, false);
}

Term concat(Evaluator&, const Terms& a) {
  return apply_operator("++", a);
}

Term len(Evaluator&, const Terms& a) {
  return static_cast<int64_t>(list_elements(a[0]).size());
}

Term copies(Evaluator&, const Terms& a) {
  if (!a[1].is_small_integer() || a[1].as_integer() < 0 || a[1].as_integer() > 1 << 16) {
    leave_to_vm("string:copies/2");
  }
  const Terms& one = list_elements(a[0]);
  Terms all;
  for (int64_t i = 0; i < a[1].as_integer(); ++i)
    all.insert(all.end(), one.begin(), one.end());
  return Term::list(std::move(all));
}

Term chars(Evaluator&, const Terms& a) {
  if (!a[1].is_small_integer() || a[1].as_integer() < 0 || a[1].as_integer() > 1 << 16) {
    leave_to_vm("string:chars");
  }
  Terms all(static_cast<size_t>(a[1].as_integer()), character(a[0]));
  return a.size() == 3 ? Term::improper_list(std::move(all), a[2]) : Term::list(std::move(all));
}

// The arguments String, Length and perhaps Character of left, right and centre.
struct Field {
  Terms text;
  size_t width;
  Term filling;
};

Field field(const Terms& a) {
  constexpr int64_t kWidest = 1 << 20;
  const Terms& text = list_elements(a[0]);
  if (!a[1].is_small_integer() || a[1].as_integer() < 0 || a[1].as_integer() > kWidest) {
    leave_to_vm("string:left, right or centre of an odd length");
  }
  return {text, static_cast<size_t>(a[1].as_integer()),
          a.size() == 3 ? character(a[2]) : Term(int64_t{' '})};
}

Term left(Evaluator&, const Terms& a) {
  Field made = field(a);
  made.text.resize(made.width, made.filling);
  return Term::list(std::move(made.text));
}

Term right(Evaluator&, const Terms& a) {
  Field made = field(a);
  std::reverse(made.text.begin(), made.text.end());
  made.text.resize(made.width, made.filling);
  std::reverse(made.text.begin(), made.text.end());
  return Term::list(std::move(made.text));
}

// Of an odd number of characters that are missing or too many, the larger half is on the right.
Term centre(Evaluator&, const Terms& a) {
  Field made = field(a);
  Terms& text = made.text;
  if (text.size() > made.width) {
    const size_t from = (text.size() - made.width) / 2;
    return part(text, from, from + made.width);
  }
  text.insert(text.begin(), (made.width - text.size()) / 2, made.filling);
  text.resize(made.width, made.filling);
  return Term::list(std::move(text));
}

const Term& separator(const Terms& a, size_t index) {
  static const Term space(int64_t{' '});
  return a.size() > index ? character(a[index]) : space;
}

// What stands between separators; a text of none but them, or of nothing, is one empty word.
std::vector<Terms> split_words(const Terms& text, const Term& separator) {
  std::vector<Terms> words(1);
  for (const Term& c : text) {
    if (!(c == separator)) {
      words.back().push_back(c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.size() > 1 && words.back().empty()) words.pop_back();
  return words;
}

Term words(Evaluator&, const Terms& a) {
  return static_cast<int64_t>(split_words(list_elements(a[0]), separator(a, 1)).size());
}

Term sub_word(Evaluator&, const Terms& a) {
  if (!a[1].is_small_integer() || a[1].as_integer() < 1) leave_to_vm("string:sub_word");
  const std::vector<Terms> all = split_words(list_elements(a[0]), separator(a, 2));
  const auto n = static_cast<size_t>(a[1].as_integer());
  return n > all.size() ? Term() : Term::list(all[n - 1]);
}

// Latin-1, as the old functions know it: the signs for times and divided by are no letters.
bool is_letter(int64_t c, int64_t a_lower, int64_t z_lower) {
  return c >= a_lower && c <= z_lower;
}

int64_t upper(int64_t c) {
  const bool lower = is_letter(c, 'a', 'z') || (is_letter(c, 0xe0, 0xfe) && c != 0xf7);
  return lower ? c - 32 : c;
}

int64_t lower(int64_t c) {
  const bool capital = is_letter(c, 'A', 'Z') || (is_letter(c, 0xc0, 0xde) && c != 0xd7);
  return capital ? c + 32 : c;
}

Term each(const Term& text, int64_t (*change)(int64_t)) {
  if (text.is_small_integer()) return change(text.as_integer());
  Terms all;
  for (const Term& c : list_elements(text)) {
    if (!c.is_small_integer()) leave_to_vm("string:to_upper or to_lower");
    all.emplace_back(change(c.as_integer()));
  }
  return Term::list(std::move(all));
}

Term to_upper(Evaluator&, const Terms& a) {
  return each(a[0], upper);
}
Term to_lower(Evaluator&, const Terms& a) {
  return each(a[0], lower);
}

constexpr LibraryFunction kFunctions[] = {
    {"centre", 2, centre},
    {"centre", 3, centre},
    {"chars", 2, chars},
    {"chars", 3, chars},
    {"chr", 2, chr},
    {"concat", 2, concat},
    {"copies", 2, copies},
    {"cspan", 2, cspan},
    {"join", 2, join},
    {"left", 2, left},
    {"left", 3, left},
    {"len", 1, len},
    {"rchr", 2, rchr},
    {"right", 2, right},
    {"right", 3, right},
    {"rstr", 2, rstr},
    {"span", 2, span},
    {"str", 2, str},
    {"strip", 1, strip},
    {"strip", 2, strip},
    {"strip", 3, strip},
    {"sub_string", 2, sub_string},
    {"sub_string", 3, sub_string},
    {"sub_word", 2, sub_word},
    {"sub_word", 3, sub_word},
    {"substr", 2, substr},
    {"substr", 3, substr},
    {"to_lower", 1, to_lower},
    {"to_upper", 1, to_upper},
    {"tokens", 2, tokens},
    {"words", 1, words},
    {"words", 2, words},
};

}  // namespace
}  // namespace string_old_module

LibraryTable old_string_functions() {
  return string_old_module::kFunctions;
}

LibraryTable string_functions() {
  static const std::vector<LibraryFunction> all = [] {
    std::vector<LibraryFunction> both(std::begin(string_old_module::kFunctions),
                                      std::end(string_old_module::kFunctions));
    const LibraryTable more = new_string_functions();
    both.insert(both.end(), more.begin(), more.end());
    return both;
  }();
  return all;
}

}  // namespace relmk::eval
