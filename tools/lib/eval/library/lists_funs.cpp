// Module lists: what calls a fun for each element.
#include <algorithm>

#include "eval/library/lists.h"
#include "eval/library/support.h"
#include "term/term_set.h"

namespace relmk::eval {
namespace lists_funs_module {
namespace {

Term map(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  Terms all;
  for (const Term& element : list_elements(a[1]))
    all.push_back(e.apply(fun, {element}));
  return Term::list(std::move(all));
}

Term flatmap(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  Terms all;
  for (const Term& element : list_elements(a[1])) {
    const Term part = e.apply(fun, {element});
    const Terms& elements = list_elements(part);
    all.insert(all.end(), elements.begin(), elements.end());
  }
  return Term::list(std::move(all));
}

Term foreach (Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  for (const Term& element : list_elements(a[1]))
    e.apply(fun, {element});
  return Term::atom("ok");
}

Term foldl(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 2);
  Term result = a[1];
  for (const Term& element : list_elements(a[2]))
    result = e.apply(fun, {element, result});
  return result;
}

Term foldr(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 2);
  Term result = a[1];
  const Terms& elements = list_elements(a[2]);
  for (auto element = elements.rbegin(); element != elements.rend(); ++element)
    result = e.apply(fun, {*element, result});
  return result;
}

// {Mapped, Accumulated}
std::pair<Term, Term> both(const Term& answer) {
  if (!answer.is_tuple(2)) raise_error("badmatch", answer);
  return {answer[0], answer[1]};
}

Term mapfoldl(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 2);
  Term result = a[1];
  Terms all;
  for (const Term& element : list_elements(a[2])) {
    auto [mapped, next] = both(e.apply(fun, {element, result}));
    all.push_back(std::move(mapped));
    result = std::move(next);
  }
  return Term::tuple({Term::list(std::move(all)), result});
}

Term mapfoldr(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 2);
  Term result = a[1];
  Terms all;
  const Terms& elements = list_elements(a[2]);
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    auto [mapped, next] = both(e.apply(fun, {*element, result}));
    all.push_back(std::move(mapped));
    result = std::move(next);
  }
  std::reverse(all.begin(), all.end());
  return Term::tuple({Term::list(std::move(all)), result});
}

Term filter(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  Terms all;
  for (const Term& element : list_elements(a[1])) {
    if (truth(e.apply(fun, {element}))) all.push_back(element);
  }
  return Term::list(std::move(all));
}

Term filtermap(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  Terms all;
  for (const Term& element : list_elements(a[1])) {
    const Term answer = e.apply(fun, {element});
    if (answer.is_tagged("true", 2)) {
      all.push_back(answer[1]);
    } else if (truth(answer)) {
      all.push_back(element);
    }
  }
  return Term::list(std::move(all));
}

Term partition(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  Terms yes;
  Terms no;
  for (const Term& element : list_elements(a[1]))
    (truth(e.apply(fun, {element})) ? yes : no).push_back(element);
  return Term::tuple({Term::list(std::move(yes)), Term::list(std::move(no))});
}

Term all(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  for (const Term& element : list_elements(a[1])) {
    if (!truth(e.apply(fun, {element}))) return Term::boolean(false);
  }
  return Term::boolean(true);
}

Term any(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  for (const Term& element : list_elements(a[1])) {
    if (truth(e.apply(fun, {element}))) return Term::boolean(true);
  }
  return Term::boolean(false);
}

Term search(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  for (const Term& element : list_elements(a[1])) {
    if (truth(e.apply(fun, {element}))) return Term::tuple({Term::atom("value"), element});
  }
  return Term::boolean(false);
}

// Where the elements end for which the fun holds.
Terms::const_iterator span(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  const Terms& elements = list_elements(a[1]);
  return std::find_if(elements.begin(), elements.end(),
                      [&](const Term& element) { return !truth(e.apply(fun, {element})); });
}

Term takewhile(Evaluator& e, const Terms& a) {
  const auto end = span(e, a);
  return Term::list(Terms(a[1].elements().begin(), end));
}

Term dropwhile(Evaluator& e, const Terms& a) {
  const auto start = span(e, a);
  return Term::list(Terms(start, a[1].elements().end()));
}

Term splitwith(Evaluator& e, const Terms& a) {
  const auto end = span(e, a);
  return Term::tuple({Term::list(Terms(a[1].elements().begin(), end)),
                      Term::list(Terms(end, a[1].elements().end()))});
}

// A merge sort, which calls the fun with the earlier of two elements first: where it answers false
// for equal ones they change places, as in OTP. Safe whatever the fun answers.
Terms merge_sorted(Evaluator& e, const Term& fun, const Terms& elements) {
  if (elements.size() < 2) return elements;
  const auto middle = elements.begin() + static_cast<std::ptrdiff_t>(elements.size() / 2);
  const Terms left = merge_sorted(e, fun, Terms(elements.begin(), middle));
  const Terms right = merge_sorted(e, fun, Terms(middle, elements.end()));
  Terms merged;
  auto x = left.begin();
  auto y = right.begin();
  while (x != left.end() && y != right.end())
    merged.push_back(truth(e.apply(fun, {*x, *y})) ? *x++ : *y++);
  merged.insert(merged.end(), x, left.end());
  merged.insert(merged.end(), y, right.end());
  return merged;
}

// The fun says whether its first argument may stand before its second.
Terms sorted(Evaluator& e, const Terms& a) {
  return merge_sorted(e, fun_of(a[0], 2), list_elements(a[1]));
}

Term sort(Evaluator& e, const Terms& a) {
  return Term::list(sorted(e, a));
}

Term usort(Evaluator& e, const Terms& a) {
  Terms elements = sorted(e, a);
  const auto same = [&](const Term& x, const Term& y) { return truth(e.apply(a[0], {y, x})); };
  elements.erase(std::unique(elements.begin(), elements.end(), same), elements.end());
  return Term::list(std::move(elements));
}

Term uniq(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 1);
  Terms all;
  term::TermSet keys;
  for (const Term& element : list_elements(a[1]))
    if (keys.insert(e.apply(fun, {element})).second) all.push_back(element);
  return Term::list(std::move(all));
}

// Lists that differ in length are found out at the end of the shortest.
Term zipwith(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], a.size() - 1);
  size_t count = list_elements(a[1]).size();
  for (size_t i = 2; i < a.size(); ++i)
    count = std::min(count, list_elements(a[i]).size());
  Terms all;
  for (size_t row = 0; row < count; ++row) {
    Terms arguments;
    for (size_t i = 1; i < a.size(); ++i)
      arguments.push_back(a[i][row]);
    all.push_back(e.apply(fun, std::move(arguments)));
  }
  for (size_t i = 1; i < a.size(); ++i) {
    if (a[i].elements().size() != count) raise_function_clause();
  }
  return Term::list(std::move(all));
}

constexpr LibraryFunction kFunctions[] = {
    {"all", 2, all},
    {"any", 2, any},
    {"dropwhile", 2, dropwhile},
    {"filter", 2, filter},
    {"filtermap", 2, filtermap},
    {"flatmap", 2, flatmap},
    {"foldl", 3, foldl},
    {"foldr", 3, foldr},
    {"foreach", 2, foreach},
    {"map", 2, map},
    {"mapfoldl", 3, mapfoldl},
    {"mapfoldr", 3, mapfoldr},
    {"partition", 2, partition},
    {"search", 2, search},
    {"sort", 2, sort},
    {"splitwith", 2, splitwith},
    {"takewhile", 2, takewhile},
    {"uniq", 2, uniq, 25},
    {"usort", 2, usort},
    {"zipwith", 3, zipwith},
    {"zipwith3", 4, zipwith},
};

}  // namespace
}  // namespace lists_funs_module

LibraryTable lists_fun_functions() {
  return lists_funs_module::kFunctions;
}

}  // namespace relmk::eval
