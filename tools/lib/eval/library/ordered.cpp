// Modules orddict and ordsets, and the bindings of erl_eval, which are an orddict of names.
#include <algorithm>

#include "eval/library/support.h"

namespace relmk::eval {
namespace {

bool before(const Term& a, const Term& b) {
  return Term::compare(a, b) < 0;
}
bool equal(const Term& a, const Term& b) {
  return Term::compare(a, b) == 0;
}

const Terms& pairs(const Term& dictionary) {
  const Terms& all = list_elements(dictionary);
  for (size_t i = 0; i < all.size(); ++i) {
    const bool fits = all[i].is_tuple(2) && (i == 0 || before(all[i - 1][0], all[i][0]));
    if (!fits) leave_to_vm("an orddict that is none");
  }
  return all;
}

// The elements of a list that an ordset may be: sorted, each once. What becomes of others depends
// on how each function goes through them.
const Terms& members(const Term& set) {
  const Terms& all = list_elements(set);
  for (size_t i = 1; i < all.size(); ++i) {
    if (!before(all[i - 1], all[i])) leave_to_vm("an ordset that is none");
  }
  return all;
}

// The first pair whose key is not less.
size_t place(const Terms& all, const Term& key) {
  size_t i = 0;
  while (i < all.size() && Term::compare(all[i][0], key) < 0)
    ++i;
  return i;
}

bool is_at(const Terms& all, size_t index, const Term& key) {
  return index < all.size() && equal(all[index][0], key);
}

Term stored(const Term& key, const Term& value, const Term& dictionary) {
  Terms all = pairs(dictionary);
  const size_t at = place(all, key);
  const Term pair = Term::tuple({key, value});
  if (is_at(all, at, key)) {
    all[at] = pair;
  } else {
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(at), pair);
  }
  return Term::list(std::move(all));
}

Term new_0(Evaluator&, const Terms&) {
  return {};
}

Term store(Evaluator&, const Terms& a) {
  return stored(a[0], a[1], a[2]);
}

Term find(Evaluator&, const Terms& a) {
  const Terms& all = pairs(a[1]);
  const size_t at = place(all, a[0]);
  return is_at(all, at, a[0]) ? ok(all[at][1]) : Term::atom("error");
}

Term fetch(Evaluator&, const Terms& a) {
  const Terms& all = pairs(a[1]);
  const size_t at = place(all, a[0]);
  if (!is_at(all, at, a[0])) leave_to_vm("orddict:fetch/2 of what is not there");
  return all[at][1];
}

Term is_key(Evaluator&, const Terms& a) {
  const Terms& all = pairs(a[1]);
  return Term::boolean(is_at(all, place(all, a[0]), a[0]));
}

Term erase(Evaluator&, const Terms& a) {
  Terms all = pairs(a[1]);
  const size_t at = place(all, a[0]);
  if (is_at(all, at, a[0])) all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
  return Term::list(std::move(all));
}

Term dictionary_from_list(Evaluator&, const Terms& a) {
  Term dictionary;
  for (const Term& pair : list_elements(a[0])) {
    if (!pair.is_tuple(2)) leave_to_vm("orddict:from_list/1 of something else than pairs");
    dictionary = stored(pair[0], pair[1], dictionary);
  }
  return dictionary;
}

Term dictionary_to_list(Evaluator&, const Terms& a) {
  pairs(a[0]);
  return a[0];
}

Term fetch_keys(Evaluator&, const Terms& a) {
  Terms keys;
  for (const Term& pair : pairs(a[0]))
    keys.push_back(pair[0]);
  return Term::list(std::move(keys));
}

Term size(Evaluator&, const Terms& a) {
  return static_cast<int64_t>(list_elements(a[0]).size());
}

Term append(Evaluator& e, const Terms& a) {
  const Term old = find(e, {a[0], a[2]});
  Terms values = old.is_atom() ? Terms() : list_elements(old[1]);
  values.push_back(a[1]);
  return stored(a[0], Term::list(std::move(values)), a[2]);
}

Term fold_pairs(Evaluator& e, const Terms& a) {
  Term result = a[1];
  for (const Term& pair : pairs(a[2]))
    result = e.apply(fun_of(a[0], 3), {pair[0], pair[1], result});
  return result;
}

Term set_of(Terms elements) {
  std::stable_sort(elements.begin(), elements.end(), before);
  elements.erase(std::unique(elements.begin(), elements.end(), equal), elements.end());
  return Term::list(std::move(elements));
}

Term set_from_list(Evaluator&, const Terms& a) {
  return set_of(list_elements(a[0]));
}

Term set_to_list(Evaluator&, const Terms& a) {
  list_elements(a[0]);
  return a[0];
}

Term is_element(Evaluator&, const Terms& a) {
  const Terms& all = members(a[1]);
  return Term::boolean(
      std::any_of(all.begin(), all.end(), [&](const Term& x) { return equal(x, a[0]); }));
}

Term add_element(Evaluator&, const Terms& a) {
  Terms all = members(a[1]);
  all.push_back(a[0]);
  return set_of(std::move(all));
}

Term del_element(Evaluator&, const Terms& a) {
  Terms all = members(a[1]);
  std::erase_if(all, [&](const Term& x) { return equal(x, a[0]); });
  return Term::list(std::move(all));
}

Term union_2(Evaluator&, const Terms& a) {
  Terms all = members(a[0]);
  const Terms& second = members(a[1]);
  all.insert(all.end(), second.begin(), second.end());
  return set_of(std::move(all));
}

// Those of the first set that the second has, or has not.
Term selected(const Terms& a, bool common) {
  const Terms& second = members(a[1]);
  Terms all;
  for (const Term& x : members(a[0])) {
    const bool both = std::binary_search(second.begin(), second.end(), x, before);
    if (both == common) all.push_back(x);
  }
  return Term::list(std::move(all));
}

Term intersection(Evaluator&, const Terms& a) {
  return selected(a, true);
}
Term subtract(Evaluator&, const Terms& a) {
  return selected(a, false);
}

Term is_subset(Evaluator&, const Terms& a) {
  return Term::boolean(selected(a, false).is_nil());
}

Term add_binding(Evaluator& e, const Terms& a) {
  if (a[2].is_map()) leave_to_vm("erl_eval:add_binding/3 to a map");
  return store(e, a);
}

Term binding(Evaluator& e, const Terms& a) {
  if (a[1].is_map()) leave_to_vm("erl_eval:binding/2 in a map");
  const Term found = find(e, a);
  if (found.is_atom()) return Term::atom("unbound");
  return Term::tuple({Term::atom("value"), found[1]});
}

constexpr LibraryFunction kDictionary[] = {
    {"append", 3, append},
    {"erase", 2, erase},
    {"fetch", 2, fetch},
    {"fetch_keys", 1, fetch_keys},
    {"find", 2, find},
    {"fold", 3, fold_pairs},
    {"from_list", 1, dictionary_from_list},
    {"is_key", 2, is_key},
    {"new", 0, new_0},
    {"size", 1, size},
    {"store", 3, store},
    {"to_list", 1, dictionary_to_list},
};

constexpr LibraryFunction kSet[] = {
    {"add_element", 2, add_element},
    {"del_element", 2, del_element},
    {"from_list", 1, set_from_list},
    {"intersection", 2, intersection},
    {"is_element", 2, is_element},
    {"is_subset", 2, is_subset},
    {"new", 0, new_0},
    {"size", 1, size},
    {"subtract", 2, subtract},
    {"to_list", 1, set_to_list},
    {"union", 2, union_2},
};

constexpr LibraryFunction kBindings[] = {
    {"add_binding", 3, add_binding},
    {"binding", 2, binding},
    {"bindings", 1, dictionary_to_list},
    {"new_bindings", 0, new_0},
};

}  // namespace

LibraryTable orddict_functions() {
  return kDictionary;
}

LibraryTable ordsets_functions() {
  return kSet;
}

LibraryTable erl_eval_functions() {
  return kBindings;
}

}  // namespace relmk::eval
