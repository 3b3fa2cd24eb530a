#include "relx/config/rebar_profiles.h"

#include <algorithm>
#include <iterator>

namespace relmk::relx {
namespace {

bool is_overlay(const Term& term) {
  return term.is_tagged("overlay");
}

// The key by which rebar3 sorts and merges: a tuple's first element, or the term itself.
const Term& merge_key(const Term& term) {
  return term.is_tuple() && !term.elements().empty() ? term[0] : term;
}

// rebar_utils:tup_umerge: both lists sorted by key and merged, of equal keys those of `first`
// before those of `second`; terms that stand twice are taken once.
Terms merge_by_key(Terms first, Terms second) {
  const auto before = [](const Term& a, const Term& b) {
    return Term::compare(merge_key(a), merge_key(b)) < 0;
  };
  std::stable_sort(first.begin(), first.end(), before);
  std::stable_sort(second.begin(), second.end(), before);
  if (first.empty()) return second;
  Terms merged;
  std::merge(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(merged),
             before);
  Terms out;
  for (const Term& term : merged) {
    if (std::find(out.begin(), out.end(), term) == out.end()) out.push_back(term);
  }
  return out;
}

Terms split_off_overlays(Terms& terms) {
  const auto others = std::stable_partition(terms.begin(), terms.end(), is_overlay);
  Terms overlays(terms.begin(), others);
  terms.erase(terms.begin(), others);
  return overlays;
}

// rebar_opts:merge_opt(relx, …): what a profile says comes after, and so over, what held before.
Terms merge_relx(Terms profile, Terms before) {
  const Terms profile_overlays = split_off_overlays(profile);
  const Terms overlays_before = split_off_overlays(before);
  Terms merged = merge_by_key(profile_overlays, overlays_before);
  const Terms others = merge_by_key(before, profile);
  merged.insert(merged.end(), others.begin(), others.end());
  return merged;
}

std::optional<Terms> relx_section(const Terms& list) {
  const std::optional<Term> section = last_value(list, "relx");
  if (!section || !section->is_proper_list()) return {};
  return section->elements();
}

}  // namespace

std::optional<Term> last_value(const Terms& list, std::string_view key) {
  for (auto term = list.rbegin(); term != list.rend(); ++term) {
    if (term->is_tagged(key, 2)) return (*term)[1];
  }
  return {};
}

Terms join_overlays(Terms terms) {
  Terms overlays = split_off_overlays(terms);
  if (overlays.empty()) return terms;
  Terms actions;
  for (auto overlay = overlays.rbegin(); overlay != overlays.rend(); ++overlay) {
    if (!overlay->is_tuple(2) || !(*overlay)[1].is_proper_list()) {
      terms.insert(terms.begin(), *overlay);  // malformed: read_config says how
      continue;
    }
    actions.insert(actions.end(), (*overlay)[1].elements().begin(), (*overlay)[1].elements().end());
  }
  terms.insert(terms.begin(), Term::tuple({Term::atom("overlay"), Term::list(actions)},
                                          overlays.front().position()));
  return terms;
}

Terms rebar_relx_terms(const Terms& rebar_config, const std::vector<std::string>& profiles) {
  std::optional<Terms> merged = relx_section(rebar_config);
  const std::optional<Term> known = last_value(rebar_config, "profiles");
  for (const std::string& profile : profiles) {
    const std::optional<Term> terms = known ? term::proplist_value(*known, profile) : std::nullopt;
    if (!terms || !terms->is_proper_list()) continue;
    const std::optional<Terms> section = relx_section(terms->elements());
    if (!section) continue;
    merged = merged ? merge_relx(*section, *merged) : *section;
  }
  return merged.value_or(Terms{});
}

}  // namespace relmk::relx
