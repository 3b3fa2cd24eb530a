// Module lists, without what calls funs (lists_funs.cpp), works on tuples (lists_keys.cpp) and
// merges (lists_merge.cpp).
#include "eval/library/lists.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "eval/evaluate/operators.h"
#include "eval/library/erlang.h"
#include "eval/library/support.h"
#include "term/term_set.h"

namespace relmk::eval {
namespace lists_module {
namespace {

// More than anyone would write; the VM may have the memory for it.
constexpr int64_t kLongestMadeList = 10'000'000;

bool before(const Term& a, const Term& b) {
  return Term::compare(a, b) < 0;
}
bool equal(const Term& a, const Term& b) {
  return Term::compare(a, b) == 0;
}

// Sorted; where 1 and 1.0 meet, which goes first depends on the rest of the list.
Terms sorted(const Term& list) {
  Terms elements = list_elements(list);
  std::stable_sort(elements.begin(), elements.end(), before);
  for (size_t i = 1; i < elements.size(); ++i) {
    const bool same = elements[i - 1] == elements[i];
    if (!same && equal(elements[i - 1], elements[i])) leave_to_vm("the order of equal numbers");
  }
  return elements;
}

Term append_2(Evaluator&, const Terms& a) {
  return apply_operator("++", a);
}
Term subtract(Evaluator&, const Terms& a) {
  return apply_operator("--", a);
}

Term append_1(Evaluator&, const Terms& a) {
  Terms all;
  const Terms& lists = list_elements(a[0]);
  for (size_t i = 0; i < lists.size(); ++i) {
    const bool last = i + 1 == lists.size();
    if (last) return Term::improper_list(std::move(all), lists[i]);
    const Terms& elements = list_elements(lists[i]);
    all.insert(all.end(), elements.begin(), elements.end());
  }
  return Term::list(std::move(all));
}

Term concat(Evaluator&, const Terms& a) {
  Terms all;
  for (const Term& thing : list_elements(a[0])) {
    Term text = thing;
    if (thing.is_integer()) {
      text = Term::string(integer_text(thing, 10));
    } else if (thing.is_float()) {
      text = Term::string(fmt::format("{:.20e}", thing.as_float()));
    } else if (thing.is_atom()) {
      text = Term::string(thing.atom_text());
    }
    const Terms& elements = list_elements(text);
    all.insert(all.end(), elements.begin(), elements.end());
  }
  return Term::list(std::move(all));
}

Term delete_2(Evaluator&, const Terms& a) {
  Terms elements = list_elements(a[1]);
  const auto found = std::find(elements.begin(), elements.end(), a[0]);
  if (found != elements.end()) elements.erase(found);
  return Term::list(std::move(elements));
}

Term droplast(Evaluator&, const Terms& a) {
  Terms elements = list_elements(a[0]);
  if (elements.empty()) raise_function_clause();
  elements.pop_back();
  return Term::list(std::move(elements));
}

Term duplicate(Evaluator&, const Terms& a) {
  if (!a[0].is_small_integer() || a[0].as_integer() < 0) raise_function_clause();
  if (a[0].as_integer() > kLongestMadeList) leave_to_vm("lists:duplicate/2 of a large number");
  return Term::list(Terms(static_cast<size_t>(a[0].as_integer()), a[1]));
}

Term enumerate(Evaluator&, const Terms& a) {
  const Term& list = a.back();
  if (a.size() > 1 && !a[0].is_small_integer()) leave_to_vm("lists:enumerate/2");
  int64_t index = a.size() > 1 ? a[0].as_integer() : 1;
  int64_t step = 1;
  if (a.size() == 3) step = small_integer(a[1]);
  Terms all;
  for (const Term& element : list_elements(list)) {
    all.push_back(Term::tuple({index, element}));
    index += step;
  }
  return Term::list(std::move(all));
}

void flatten_into(const Term& list, Terms& into) {
  for (const Term& element : list_elements(list)) {
    if (element.is_list()) {
      flatten_into(element, into);
    } else {
      into.push_back(element);
    }
  }
}

Term flatten_1(Evaluator&, const Terms& a) {
  Terms flat;
  flatten_into(a[0], flat);
  return Term::list(std::move(flat));
}

Term flatten_2(Evaluator&, const Terms& a) {
  if (!a[1].is_list()) raise_function_clause();
  Terms flat;
  flatten_into(a[0], flat);
  return Term::improper_list(std::move(flat), a[1]);
}

Term flatlength(Evaluator&, const Terms& a) {
  Terms flat;
  flatten_into(a[0], flat);
  return static_cast<int64_t>(flat.size());
}

Term join(Evaluator&, const Terms& a) {
  Terms joined;
  for (const Term& element : list_elements(a[1])) {
    if (!joined.empty()) joined.push_back(a[0]);
    joined.push_back(element);
  }
  return Term::list(std::move(joined));
}

const Terms& non_empty(const Term& list) {
  const Terms& elements = list_elements(list);
  if (elements.empty()) raise_function_clause();
  return elements;
}

Term last(Evaluator&, const Terms& a) {
  return non_empty(a[0]).back();
}

Term max(Evaluator&, const Terms& a) {
  const Terms& elements = non_empty(a[0]);
  return *std::max_element(elements.begin(), elements.end(), before);
}

Term min(Evaluator&, const Terms& a) {
  const Terms& elements = non_empty(a[0]);
  return *std::min_element(elements.begin(), elements.end(), before);
}

Term member(Evaluator&, const Terms& a) {
  if (!a[1].is_list()) raise_badarg();
  const Terms& elements = a[1].elements();
  const bool is_there = std::find(elements.begin(), elements.end(), a[0]) != elements.end();
  if (!is_there && !a[1].is_proper_list()) raise_badarg();
  return Term::boolean(is_there);
}

Term nth(Evaluator&, const Terms& a) {
  const Terms& elements = list_elements(a[1]);
  if (!a[0].is_small_integer()) leave_to_vm("lists:nth/2");
  const int64_t n = a[0].as_integer();
  if (n < 1 || static_cast<size_t>(n) > elements.size()) raise_function_clause();
  return elements[static_cast<size_t>(n - 1)];
}

Term slice(const Terms& elements, size_t from, size_t to) {
  return Term::list(Terms(elements.begin() + static_cast<std::ptrdiff_t>(from),
                          elements.begin() + static_cast<std::ptrdiff_t>(to)));
}

Term nthtail(Evaluator&, const Terms& a) {
  const Terms& elements = list_elements(a[1]);
  if (!a[0].is_small_integer()) leave_to_vm("lists:nthtail/2");
  const int64_t n = a[0].as_integer();
  if (n < 0 || static_cast<size_t>(n) > elements.size()) raise_function_clause();
  return slice(elements, static_cast<size_t>(n), elements.size());
}

Term prefix(Evaluator&, const Terms& a) {
  const Terms& start = list_elements(a[0]);
  const Terms& all = list_elements(a[1]);
  return Term::boolean(start.size() <= all.size() &&
                       std::equal(start.begin(), start.end(), all.begin()));
}

Term suffix(Evaluator&, const Terms& a) {
  const Terms& end = list_elements(a[0]);
  const Terms& all = list_elements(a[1]);
  return Term::boolean(end.size() <= all.size() &&
                       std::equal(end.rbegin(), end.rend(), all.rbegin()));
}

Term reverse_1(Evaluator&, const Terms& a) {
  Terms elements = list_elements(a[0]);
  std::reverse(elements.begin(), elements.end());
  return Term::list(std::move(elements));
}

Term reverse_2(Evaluator&, const Terms& a) {
  Terms elements = list_elements(a[0]);
  std::reverse(elements.begin(), elements.end());
  return Term::improper_list(std::move(elements), a[1]);
}

Term seq(Evaluator&, const Terms& a) {
  for (const Term& n : a) {
    if (!n.is_small_integer()) leave_to_vm("lists:seq");
  }
  const int64_t from = a[0].as_integer();
  const int64_t to = a[1].as_integer();
  const int64_t step = a.size() == 3 ? a[2].as_integer() : 1;
  if (a.size() == 2 && from - 1 > to) raise_function_clause();
  const bool fits = step > 0 ? from - step <= to : step < 0 ? from - step >= to : from == to;
  if (!fits) raise_badarg();
  const int64_t count = step == 0 ? 1 : (to - from + step) / step;
  if (count > kLongestMadeList) leave_to_vm("lists:seq of a large number");
  Terms all;
  for (int64_t i = 0; i < count; ++i)
    all.emplace_back(from + i * step);
  return Term::list(std::move(all));
}

Term sort(Evaluator&, const Terms& a) {
  return Term::list(sorted(a[0]));
}

Term usort(Evaluator&, const Terms& a) {
  Terms elements = sorted(a[0]);
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  return Term::list(std::move(elements));
}

Term split(Evaluator&, const Terms& a) {
  const Terms& elements = list_elements(a[1]);
  if (!a[0].is_small_integer() || a[0].as_integer() < 0) leave_to_vm("lists:split/2");
  const auto n = static_cast<size_t>(a[0].as_integer());
  if (n > elements.size()) raise_badarg();
  return Term::tuple({slice(elements, 0, n), slice(elements, n, elements.size())});
}

Term sublist(Evaluator&, const Terms& a) {
  const Terms& elements = list_elements(a[0]);
  const Term& count = a.back();
  const Term start = a.size() == 3 ? a[1] : Term(1);
  if (!count.is_small_integer() || !start.is_small_integer() || count.as_integer() < 0 ||
      start.as_integer() < 1) {
    leave_to_vm("lists:sublist");
  }
  const size_t from = std::min(static_cast<size_t>(start.as_integer() - 1), elements.size());
  const size_t most = elements.size() - from;
  return slice(elements, from, from + std::min(static_cast<size_t>(count.as_integer()), most));
}

Term sum(Evaluator&, const Terms& a) {
  Term total = 0;
  for (const Term& element : list_elements(a[0]))
    total = apply_operator("+", {total, element});
  return total;
}

Term uniq(Evaluator&, const Terms& a) {
  term::TermSet known;
  Terms all;
  for (const Term& element : list_elements(a[0]))
    if (known.insert(element).second) all.push_back(element);
  return Term::list(std::move(all));
}

// The tuples of a list turned into as many lists as they have elements.
Term unzipped(const Terms& tuples, size_t width) {
  std::vector<Terms> columns(width);
  for (const Term& t : tuples) {
    if (!t.is_tuple(width)) raise_function_clause();
    for (size_t i = 0; i < width; ++i)
      columns[i].push_back(t[i]);
  }
  Terms lists;
  for (Terms& column : columns)
    lists.push_back(Term::list(std::move(column)));
  return Term::tuple(std::move(lists));
}

Term unzip(Evaluator&, const Terms& a) {
  return unzipped(list_elements(a[0]), 2);
}
Term unzip3(Evaluator&, const Terms& a) {
  return unzipped(list_elements(a[0]), 3);
}

Term zip(Evaluator&, const Terms& a) {
  for (const Term& list : a) {
    if (list_elements(list).size() != a[0].elements().size()) raise_function_clause();
  }
  Terms all;
  for (size_t i = 0; i < a[0].elements().size(); ++i) {
    Terms row;
    for (const Term& list : a)
      row.push_back(list[i]);
    all.push_back(Term::tuple(std::move(row)));
  }
  return Term::list(std::move(all));
}

constexpr LibraryFunction kFunctions[] = {
    {"append", 1, append_1},
    {"append", 2, append_2},
    {"concat", 1, concat},
    {"delete", 2, delete_2},
    {"droplast", 1, droplast},
    {"duplicate", 2, duplicate},
    {"enumerate", 1, enumerate, 25},
    {"enumerate", 2, enumerate, 25},
    {"enumerate", 3, enumerate, 26},
    {"flatlength", 1, flatlength},
    {"flatten", 1, flatten_1},
    {"flatten", 2, flatten_2},
    {"join", 2, join},
    {"last", 1, last},
    {"max", 1, max},
    {"member", 2, member},
    {"min", 1, min},
    {"nth", 2, nth},
    {"nthtail", 2, nthtail},
    {"prefix", 2, prefix},
    {"reverse", 1, reverse_1},
    {"reverse", 2, reverse_2},
    {"seq", 2, seq},
    {"seq", 3, seq},
    {"sort", 1, sort},
    {"split", 2, split},
    {"sublist", 2, sublist},
    {"sublist", 3, sublist},
    {"subtract", 2, subtract},
    {"suffix", 2, suffix},
    {"sum", 1, sum},
    {"uniq", 1, uniq, 25},
    {"unzip", 1, unzip},
    {"unzip3", 1, unzip3},
    {"usort", 1, usort},
    {"zip", 2, zip},
    {"zip3", 3, zip},
};

}  // namespace
}  // namespace lists_module

LibraryTable lists_functions() {
  static const std::vector<LibraryFunction> all = [] {
    std::vector<LibraryFunction> joined(std::begin(lists_module::kFunctions),
                                        std::end(lists_module::kFunctions));
    for (const LibraryTable part :
         {lists_key_functions(), lists_fun_functions(), lists_merge_functions()})
      joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }();
  return all;
}

}  // namespace relmk::eval
