// Module lists: lists of tuples with a key at some place. Keys are compared with ==.
#include <algorithm>

#include "eval/library/lists.h"
#include "eval/library/support.h"

namespace relmk::eval {
namespace lists_keys_module {
namespace {

// A place in tuples, from 0.
size_t place(const Term& n) {
  if (!n.is_small_integer() || n.as_integer() < 1) leave_to_vm("a key's place in lists of tuples");
  return static_cast<size_t>(n.as_integer() - 1);
}

bool has_key(const Term& element, size_t at, const Term& key) {
  return element.is_tuple() && at < element.elements().size() &&
         Term::compare(element[at], key) == 0;
}

// Arguments Key, N, TupleList: the first tuple with that key, or the end.
size_t find_key(const Terms& a) {
  const size_t at = place(a[1]);
  const Terms& tuples = list_elements(a[2]);
  const auto found = std::find_if(tuples.begin(), tuples.end(),
                                  [&](const Term& t) { return has_key(t, at, a[0]); });
  return static_cast<size_t>(found - tuples.begin());
}

bool found(const Terms& a, size_t index) {
  return index < a[2].elements().size();
}

Term keyfind(Evaluator&, const Terms& a) {
  const size_t index = find_key(a);
  return found(a, index) ? a[2][index] : Term::boolean(false);
}

Term keysearch(Evaluator&, const Terms& a) {
  const size_t index = find_key(a);
  if (!found(a, index)) return Term::boolean(false);
  return Term::tuple({Term::atom("value"), a[2][index]});
}

Term keymember(Evaluator&, const Terms& a) {
  return Term::boolean(found(a, find_key(a)));
}

Terms without(const Terms& tuples, size_t index) {
  Terms left = tuples;
  left.erase(left.begin() + static_cast<std::ptrdiff_t>(index));
  return left;
}

Term keydelete(Evaluator&, const Terms& a) {
  const size_t index = find_key(a);
  return found(a, index) ? Term::list(without(a[2].elements(), index)) : a[2];
}

Term keytake(Evaluator&, const Terms& a) {
  const size_t index = find_key(a);
  if (!found(a, index)) return Term::boolean(false);
  return Term::tuple(
      {Term::atom("value"), a[2][index], Term::list(without(a[2].elements(), index))});
}

Terms replaced(const Terms& a, size_t index) {
  if (!a[3].is_tuple()) leave_to_vm("lists:keyreplace/4 by something that is no tuple");
  Terms tuples = a[2].elements();
  if (index < tuples.size()) tuples[index] = a[3];
  return tuples;
}

Term keyreplace(Evaluator&, const Terms& a) {
  return Term::list(replaced(a, find_key(a)));
}

Term keystore(Evaluator&, const Terms& a) {
  const size_t index = find_key(a);
  Terms tuples = replaced(a, index);
  if (!found(a, index)) tuples.push_back(a[3]);
  return Term::list(std::move(tuples));
}

Terms sorted(const Terms& a) {
  const size_t at = place(a[0]);
  Terms tuples = list_elements(a[1]);
  for (const Term& t : tuples) {
    if (!t.is_tuple() || at >= t.elements().size()) leave_to_vm("lists:keysort/2 without keys");
  }
  std::stable_sort(tuples.begin(), tuples.end(),
                   [at](const Term& x, const Term& y) { return Term::compare(x[at], y[at]) < 0; });
  return tuples;
}

Term keysort(Evaluator&, const Terms& a) {
  return Term::list(sorted(a));
}

Term ukeysort(Evaluator&, const Terms& a) {
  Terms tuples = sorted(a);
  const size_t at = place(a[0]);
  const auto same = [at](const Term& x, const Term& y) { return Term::compare(x[at], y[at]) == 0; };
  tuples.erase(std::unique(tuples.begin(), tuples.end(), same), tuples.end());
  return Term::list(std::move(tuples));
}

Term keymap(Evaluator& evaluator, const Terms& a) {
  const size_t at = place(a[1]);
  Terms all;
  for (const Term& t : list_elements(a[2])) {
    if (!t.is_tuple() || at >= t.elements().size()) raise_badarg();
    Terms elements = t.elements();
    elements[at] = evaluator.apply(fun_of(a[0], 1), {elements[at]});
    all.push_back(Term::tuple(std::move(elements)));
  }
  return Term::list(std::move(all));
}

constexpr LibraryFunction kFunctions[] = {
    {"keydelete", 3, keydelete}, {"keyfind", 3, keyfind},       {"keymap", 3, keymap},
    {"keymember", 3, keymember}, {"keyreplace", 4, keyreplace}, {"keysearch", 3, keysearch},
    {"keysort", 2, keysort},     {"keystore", 4, keystore},     {"keytake", 3, keytake},
    {"ukeysort", 2, ukeysort},
};

}  // namespace
}  // namespace lists_keys_module

LibraryTable lists_key_functions() {
  return lists_keys_module::kFunctions;
}

}  // namespace relmk::eval
