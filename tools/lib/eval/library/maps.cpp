// Module maps. What depends on the order of keys asks entries_in_order() for it.
#include <algorithm>

#include "eval/library/support.h"
#include "term/term_set.h"

namespace relmk::eval {
namespace maps_module {
namespace {

const Term& checked_map(const Term& map) {
  if (!map.is_map()) raise_error("badmap", map);
  return map;
}

Term get_2(Evaluator&, const Terms& a) {
  const Term* value = checked_map(a[1]).find(a[0]);
  if (value == nullptr) raise_error("badkey", a[0]);
  return *value;
}

Term get_3(Evaluator&, const Terms& a) {
  const Term* value = checked_map(a[1]).find(a[0]);
  return value != nullptr ? *value : a[2];
}

Term find(Evaluator&, const Terms& a) {
  const Term* value = checked_map(a[1]).find(a[0]);
  return value != nullptr ? ok(*value) : Term::atom("error");
}

Term is_key(Evaluator&, const Terms& a) {
  return Term::boolean(checked_map(a[1]).find(a[0]) != nullptr);
}

Term with_entry(Evaluator& e, const Term& map, const Term& key, const Term& value) {
  MapEntries entries = e.copied_entries(map);
  const auto place = place_of(entries, key);
  if (place != entries.end() && place->first == key) {
    place->second = value;
  } else {
    entries.emplace(place, key, value);
  }
  return Term::map(std::move(entries));
}

Term without_key(Evaluator& e, const Term& map, const Term& key) {
  MapEntries entries = e.copied_entries(map);
  std::erase_if(entries, [&](const Term::MapEntry& entry) { return entry.first == key; });
  return Term::map(std::move(entries));
}

Term put(Evaluator& e, const Terms& a) {
  return with_entry(e, checked_map(a[2]), a[0], a[1]);
}

Term update(Evaluator& e, const Terms& a) {
  if (checked_map(a[2]).find(a[0]) == nullptr) raise_error("badkey", a[0]);
  return with_entry(e, a[2], a[0], a[1]);
}

Term update_with(Evaluator& e, const Terms& a) {
  const Term& map = checked_map(a.back());
  const Term& fun = fun_of(a[1], 1);
  const Term* old = map.find(a[0]);
  if (old == nullptr && a.size() == 3) raise_error("badkey", a[0]);
  return with_entry(e, map, a[0], old == nullptr ? a[2] : e.apply(fun, {*old}));
}

Term remove(Evaluator& e, const Terms& a) {
  return without_key(e, checked_map(a[1]), a[0]);
}

Term take(Evaluator& e, const Terms& a) {
  const Term* value = checked_map(a[1]).find(a[0]);
  if (value == nullptr) return Term::atom("error");
  return Term::tuple({*value, without_key(e, a[1], a[0])});
}

Term new_0(Evaluator&, const Terms&) {
  return Term::map({});
}

Term size(Evaluator&, const Terms& a) {
  return static_cast<int64_t>(checked_map(a[0]).entries().size());
}

Term keys(Evaluator& e, const Terms& a) {
  Terms all;
  for (const auto& [key, value] : entries_in_order(e, checked_map(a[0])))
    all.push_back(key);
  return Term::list(std::move(all));
}

Term values(Evaluator& e, const Terms& a) {
  Terms all;
  for (const auto& [key, value] : entries_in_order(e, checked_map(a[0])))
    all.push_back(value);
  return Term::list(std::move(all));
}

Term to_list(Evaluator& e, const Terms& a) {
  Terms all;
  for (const auto& [key, value] : entries_in_order(e, checked_map(a[0])))
    all.push_back(Term::tuple({key, value}));
  return Term::list(std::move(all));
}

Term from_list(Evaluator&, const Terms& a) {
  if (!a[0].is_proper_list()) raise_badarg();
  MapEntries entries;
  for (const Term& pair : a[0].elements()) {
    if (!pair.is_tuple(2)) raise_badarg();
    entries.emplace_back(pair[0], pair[1]);
  }
  return Term::map(std::move(entries));
}

Term from_keys(Evaluator&, const Terms& a) {
  if (!a[0].is_proper_list()) raise_badarg();
  MapEntries entries;
  for (const Term& key : a[0].elements())
    entries.emplace_back(key, a[1]);
  return Term::map(std::move(entries));
}

Term merge(Evaluator& e, const Terms& a) {
  MapEntries entries = e.copied_entries(checked_map(a[0]));
  const MapEntries& second = checked_map(a[1]).entries();
  entries.insert(entries.end(), second.begin(), second.end());
  return Term::map(std::move(entries));
}

Term merge_with(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 3);
  MapEntries entries = e.copied_entries(checked_map(a[1]));
  for (const auto& [key, value] : checked_map(a[2]).entries()) {
    const Term* old = a[1].find(key);
    entries.emplace_back(key, old == nullptr ? value : e.apply(fun, {key, *old, value}));
  }
  return Term::map(std::move(entries));
}

Term with(Evaluator&, const Terms& a) {
  MapEntries entries;
  for (const Term& key : list_elements(a[0])) {
    if (const Term* value = checked_map(a[1]).find(key)) entries.emplace_back(key, *value);
  }
  return Term::map(std::move(entries));
}

Term without(Evaluator&, const Terms& a) {
  const Terms& names = list_elements(a[0]);
  const term::TermSet unwanted(names.begin(), names.end());
  MapEntries entries = checked_map(a[1]).entries();
  std::erase_if(entries,
                [&](const Term::MapEntry& entry) { return unwanted.contains(entry.first); });
  return Term::map(std::move(entries));
}

Term map(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 2);
  MapEntries entries;
  for (const auto& [key, value] : checked_map(a[1]).entries())
    entries.emplace_back(key, e.apply(fun, {key, value}));
  return Term::map(std::move(entries));
}

Term filter(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 2);
  MapEntries entries;
  for (const auto& [key, value] : checked_map(a[1]).entries()) {
    if (truth(e.apply(fun, {key, value}))) entries.emplace_back(key, value);
  }
  return Term::map(std::move(entries));
}

Term filtermap(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 2);
  MapEntries entries;
  for (const auto& [key, value] : checked_map(a[1]).entries()) {
    const Term answer = e.apply(fun, {key, value});
    if (answer.is_tagged("true", 2)) {
      entries.emplace_back(key, answer[1]);
    } else if (truth(answer)) {
      entries.emplace_back(key, value);
    }
  }
  return Term::map(std::move(entries));
}

Term fold(Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 3);
  Term result = a[1];
  for (const auto& [key, value] : entries_in_order(e, checked_map(a[2])))
    result = e.apply(fun, {key, value, result});
  return result;
}

Term foreach (Evaluator& e, const Terms& a) {
  const Term& fun = fun_of(a[0], 2);
  for (const auto& [key, value] : entries_in_order(e, checked_map(a[1])))
    e.apply(fun, {key, value});
  return Term::atom("ok");
}

constexpr LibraryFunction kFunctions[] = {
    {"filter", 2, filter},
    {"filtermap", 2, filtermap, 24},
    {"find", 2, find},
    {"fold", 3, fold},
    {"foreach", 2, foreach, 24},
    {"from_keys", 2, from_keys, 24},
    {"from_list", 1, from_list},
    {"get", 2, get_2},
    {"get", 3, get_3},
    {"is_key", 2, is_key},
    {"keys", 1, keys},
    {"map", 2, map},
    {"merge", 2, merge},
    {"merge_with", 3, merge_with, 24},
    {"new", 0, new_0},
    {"put", 3, put},
    {"remove", 2, remove},
    {"size", 1, size},
    {"take", 2, take},
    {"to_list", 1, to_list},
    {"update", 3, update},
    {"update_with", 3, update_with},
    {"update_with", 4, update_with},
    {"values", 1, values},
    {"with", 2, with},
    {"without", 2, without},
};

}  // namespace
}  // namespace maps_module

LibraryTable maps_functions() {
  return maps_module::kFunctions;
}

}  // namespace relmk::eval
