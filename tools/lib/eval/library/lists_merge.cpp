// Module lists: merging of two lists. They need not be sorted: what then comes out is what two
// lists give that are gone through side by side, and scripts do rely on `merge([], Unsorted)`.
#include <algorithm>
#include <optional>

#include "eval/library/lists.h"
#include "eval/library/support.h"

namespace relmk::eval {
namespace lists_merge_module {
namespace {

// Elements as they are, or by their key at some place of tuples.
class Keys {
 public:
  Keys() = default;
  explicit Keys(const Term& place) {
    if (!place.is_small_integer() || place.as_integer() < 1) leave_to_vm("a key's place in tuples");
    at_ = static_cast<size_t>(place.as_integer() - 1);
  }
  const Term& of(const Term& element) const { return at_ ? element[*at_] : element; }
  const Terms& checked(const Term& list) const {
    const Terms& all = list_elements(list);
    const bool have_keys = std::all_of(all.begin(), all.end(), [&](const Term& element) {
      return !at_ || (element.is_tuple() && *at_ < element.elements().size());
    });
    if (!have_keys) leave_to_vm("merging of tuples without keys");
    return all;
  }

 private:
  std::optional<size_t> at_;
};

template <typename InOrder>
Term merged(const Terms& first, const Terms& second, InOrder in_order) {
  Terms all;
  auto x = first.begin();
  auto y = second.begin();
  while (x != first.end() && y != second.end())
    all.push_back(in_order(*x, *y) ? *x++ : *y++);
  all.insert(all.end(), x, first.end());
  all.insert(all.end(), y, second.end());
  return Term::list(std::move(all));
}

// An element of the second list is dropped where it equals the one of the first that was taken
// just before it.
Term merged_once(const Terms& first, const Terms& second, const Keys& keys) {
  Terms all;
  auto x = first.begin();
  auto y = second.begin();
  const Term* before = nullptr;
  const auto take_second = [&] {
    if (before == nullptr || Term::compare(keys.of(*before), keys.of(*y)) != 0) all.push_back(*y);
    before = nullptr;
    ++y;
  };
  while (x != first.end() && y != second.end()) {
    if (Term::compare(keys.of(*x), keys.of(*y)) <= 0) {
      before = &*x;
      all.push_back(*x++);
    } else {
      take_second();
    }
  }
  all.insert(all.end(), x, first.end());
  if (y != second.end()) take_second();
  all.insert(all.end(), y, second.end());
  return Term::list(std::move(all));
}

Term merged_by(const Keys& keys, const Term& first, const Term& second) {
  return merged(keys.checked(first), keys.checked(second), [&](const Term& x, const Term& y) {
    return Term::compare(keys.of(x), keys.of(y)) <= 0;
  });
}

Term merge_2(Evaluator&, const Terms& a) {
  return merged_by(Keys(), a[0], a[1]);
}

Term merge_3(Evaluator& evaluator, const Terms& a) {
  const Term& fun = fun_of(a[0], 2);
  return merged(list_elements(a[1]), list_elements(a[2]), [&](const Term& x, const Term& y) {
    return truth(evaluator.apply(fun, {x, y}));
  });
}

Term umerge_2(Evaluator&, const Terms& a) {
  return merged_once(list_elements(a[0]), list_elements(a[1]), Keys());
}

Term keymerge(Evaluator&, const Terms& a) {
  return merged_by(Keys(a[0]), a[1], a[2]);
}

Term ukeymerge(Evaluator&, const Terms& a) {
  const Keys keys(a[0]);
  return merged_once(keys.checked(a[1]), keys.checked(a[2]), keys);
}

constexpr LibraryFunction kFunctions[] = {
    {"keymerge", 3, keymerge}, {"merge", 2, merge_2},       {"merge", 3, merge_3},
    {"umerge", 2, umerge_2},   {"ukeymerge", 3, ukeymerge},
};

}  // namespace
}  // namespace lists_merge_module

LibraryTable lists_merge_functions() {
  return lists_merge_module::kFunctions;
}

}  // namespace relmk::eval
