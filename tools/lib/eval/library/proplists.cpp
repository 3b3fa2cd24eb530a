// Module proplists.
#include <algorithm>

#include "eval/library/support.h"
#include "term/term_set.h"

namespace relmk::eval {
namespace proplists_module {
namespace {

bool has_key(const Term& entry, const Term& key) {
  if (entry.is_atom()) return entry == key;
  return entry.is_tuple() && !entry.elements().empty() && entry[0] == key;
}

const Term* lookup_entry(const Term& key, const Term& list) {
  for (const Term& entry : list_elements(list)) {
    if (has_key(entry, key)) return &entry;
  }
  return nullptr;
}

Term get_value(Evaluator&, const Terms& a) {
  const Term* entry = lookup_entry(a[0], a[1]);
  if (entry != nullptr && entry->is_atom()) return Term::boolean(true);
  if (entry != nullptr && entry->is_tuple(2)) return (*entry)[1];
  return a.size() == 3 ? a[2] : Term::atom("undefined");
}

Term get_bool(Evaluator&, const Terms& a) {
  const Term* entry = lookup_entry(a[0], a[1]);
  if (entry == nullptr) return Term::boolean(false);
  return Term::boolean(entry->is_atom() || (entry->is_tuple(2) && (*entry)[1].is_atom("true")));
}

Term is_defined(Evaluator&, const Terms& a) {
  return Term::boolean(lookup_entry(a[0], a[1]) != nullptr);
}

Term unfolded(const Term& entry) {
  return entry.is_atom() ? Term::tuple({entry, Term::boolean(true)}) : entry;
}

Term lookup(Evaluator&, const Terms& a) {
  const Term* entry = lookup_entry(a[0], a[1]);
  return entry == nullptr ? Term::atom("none") : unfolded(*entry);
}

Term lookup_all(Evaluator&, const Terms& a) {
  Terms all;
  for (const Term& entry : list_elements(a[1])) {
    if (has_key(entry, a[0])) all.push_back(unfolded(entry));
  }
  return Term::list(std::move(all));
}

Term get_all_values(Evaluator&, const Terms& a) {
  Terms all;
  for (const Term& entry : list_elements(a[1])) {
    if (!has_key(entry, a[0])) continue;
    const Term pair = unfolded(entry);
    if (pair.is_tuple(2)) all.push_back(pair[1]);
  }
  return Term::list(std::move(all));
}

Term append_values(Evaluator& e, const Terms& a) {
  Terms all;
  const Term values = get_all_values(e, a);
  for (const Term& value : values.elements()) {
    if (value.is_list()) {
      const Terms& part = list_elements(value);
      all.insert(all.end(), part.begin(), part.end());
    } else {
      all.push_back(value);
    }
  }
  return Term::list(std::move(all));
}

Term delete_2(Evaluator&, const Terms& a) {
  Terms left = list_elements(a[1]);
  std::erase_if(left, [&](const Term& entry) { return has_key(entry, a[0]); });
  return Term::list(std::move(left));
}

Term property_1(Evaluator&, const Terms& a) {
  const bool shorter = a[0].is_tuple(2) && a[0][0].is_atom() && a[0][1].is_atom("true");
  return shorter ? a[0][0] : a[0];
}

Term property_2(Evaluator& e, const Terms& a) {
  return property_1(e, {Term::tuple(a)});
}

Term compact(Evaluator& e, const Terms& a) {
  Terms all;
  for (const Term& entry : list_elements(a[0]))
    all.push_back(property_1(e, {entry}));
  return Term::list(std::move(all));
}

Term unfold(Evaluator&, const Terms& a) {
  Terms all;
  for (const Term& entry : list_elements(a[0]))
    all.push_back(unfolded(entry));
  return Term::list(std::move(all));
}

Term split(Evaluator&, const Terms& a) {
  const Terms& keys = list_elements(a[1]);
  std::vector<Terms> found(keys.size());
  Terms rest;
  for (const Term& entry : list_elements(a[0])) {
    size_t i = 0;
    while (i < keys.size() && !has_key(entry, keys[i]))
      ++i;
    (i < keys.size() ? found[i] : rest).push_back(entry);
  }
  Terms lists;
  for (Terms& part : found)
    lists.push_back(Term::list(std::move(part)));
  return Term::tuple({Term::list(std::move(lists)), Term::list(std::move(rest))});
}

Term to_map(Evaluator&, const Terms& a) {
  std::vector<Term::MapEntry> entries;
  const Terms& list = list_elements(a[0]);
  // Of entries with one key the first counts, so they go in from the end.
  for (auto entry = list.rbegin(); entry != list.rend(); ++entry) {
    const Term pair = unfolded(*entry);
    if (pair.is_tuple(2)) entries.emplace_back(pair[0], pair[1]);
  }
  return Term::map(std::move(entries));
}

// erlang:phash/2 of an atom, less one: the hash of atom tables.
size_t atom_hash(const std::string& text, size_t range) {
  uint32_t hash = 0;
  for (const char c : text) {
    hash = (hash << 4) + static_cast<unsigned char>(c);
    const uint32_t high = hash & 0xf0000000;
    hash ^= high >> 24;
    hash ^= high;
  }
  return hash % range;
}

bool is_ascii_atom(const Term& term) {
  if (!term.is_atom()) return false;
  const std::string& text = term.atom_text();
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
}

// In the order of sets:to_list/1: by buckets of a hash table, which has sixteen of them up to
// eighty elements.
Term get_keys(Evaluator& evaluator, const Terms& a) {
  Terms keys;
  term::TermSet known;
  for (const Term& entry : list_elements(a[0])) {
    const bool is_pair = entry.is_tuple() && !entry.elements().empty();
    if (!entry.is_atom() && !is_pair) continue;
    const Term& key = entry.is_atom() ? entry : entry[0];
    if (known.insert(key).second) keys.push_back(key);
  }
  if (keys.size() < 2) return Term::list(std::move(keys));
  constexpr size_t kBuckets = 16, kMost = 80;
  const bool is_known = keys.size() <= kMost && evaluator.otp_release() < 28 &&
                        std::all_of(keys.begin(), keys.end(), is_ascii_atom);
  if (!is_known) leave_to_vm("proplists:get_keys/1");
  std::stable_sort(keys.begin(), keys.end(), [](const Term& one, const Term& other) {
    return atom_hash(one.atom_text(), kBuckets) < atom_hash(other.atom_text(), kBuckets);
  });
  return Term::list(std::move(keys));
}

constexpr LibraryFunction kFunctions[] = {
    {"append_values", 2, append_values},
    {"compact", 1, compact},
    {"delete", 2, delete_2},
    {"get_all_values", 2, get_all_values},
    {"get_bool", 2, get_bool},
    {"get_keys", 1, get_keys},
    {"get_value", 2, get_value},
    {"get_value", 3, get_value},
    {"is_defined", 2, is_defined},
    {"lookup", 2, lookup},
    {"lookup_all", 2, lookup_all},
    {"property", 1, property_1},
    {"property", 2, property_2},
    {"split", 2, split},
    {"to_map", 1, to_map, 24},
    {"unfold", 1, unfold},
};

}  // namespace
}  // namespace proplists_module

LibraryTable proplists_functions() {
  return proplists_module::kFunctions;
}

}  // namespace relmk::eval
