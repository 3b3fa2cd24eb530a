#include "relx/config/rebar_shape.h"

#include <fmt/core.h>

#include <algorithm>

#include "otp/application/print_line.h"
#include "sys/error.h"

namespace relmk::relx {
namespace {

bool is_list(const Term& value) {
  return value.is_proper_list();
}

bool is_text(const Term& value) {
  return value.is_string() || value.is_binary();
}

bool is_list_of_texts(const Term& value) {
  return value.is_proper_list() &&
         std::all_of(value.elements().begin(), value.elements().end(), is_text);
}

bool is_profile(const Term& term) {
  return term.is_tuple(2) && term[0].is_atom();
}

bool is_list_of_profiles(const Term& value) {
  return value.is_proper_list() &&
         std::all_of(value.elements().begin(), value.elements().end(), is_profile);
}

bool is_provider_hooks(const Term& term) {
  return term.is_tuple(2) && is_list(term[1]);
}

bool is_list_of_provider_hooks(const Term& value) {
  return value.is_proper_list() &&
         std::all_of(value.elements().begin(), value.elements().end(), is_provider_hooks);
}

struct Shape {
  const char* key;
  bool (*fits)(const Term& value);
  const char* expected;
};

constexpr Shape kShapes[] = {
    {"relx", is_list, "{relx, [Term]}"},
    {"profiles", is_list_of_profiles, "{profiles, [{Profile, [Term]}]}"},
    {"project_app_dirs", is_list_of_texts, "{project_app_dirs, [\"DIR\"]}"},
    {"xref_ignores", is_list, "{xref_ignores, [Call]}"},
    {"pre_hooks", is_list, "{pre_hooks, [Hook]}"},
    {"post_hooks", is_list, "{post_hooks, [Hook]}"},
    {"provider_hooks", is_list_of_provider_hooks, "{provider_hooks, [{pre | post, [Hook]}]}"},
    {"base_dir", is_text, "{base_dir, \"DIR\"}"},
    {"deps_dir", is_text, "{deps_dir, \"DIR\"}"},
    {"checkouts_out_dir", is_text, "{checkouts_out_dir, \"DIR\"}"},
};

[[noreturn]] void fail(const std::string& file, Position at, const Term& term,
                       const std::string& expected) {
  throw Error(file, at, fmt::format("{} is expected, not {}", expected, otp::print_line(term)));
}

// `around`: where the list stands, for a term that has no position.
void check_terms(const Terms& terms, const std::string& file, Position around) {
  for (const Term& term : terms) {
    const Position at = term.position() ? term.position() : around;
    if (!term.is_tuple() && !term.is_atom()) fail(file, at, term, "{Key, Value}");
    for (const Shape& shape : kShapes) {
      if (!term.is_tagged(shape.key) && !term.is_atom(shape.key)) continue;
      if (!term.is_tuple(2) || !shape.fits(term[1])) fail(file, at, term, shape.expected);
    }
  }
}

}  // namespace

void check_rebar_shape(const Terms& terms, const std::vector<std::string>& profiles,
                       const std::string& file) {
  check_terms(terms, file, {});
  for (const Term& term : terms) {
    if (!term.is_tagged("profiles")) continue;
    for (const Term& profile : term[1].elements()) {
      const std::string& name = profile[0].atom_text();
      if (std::find(profiles.begin(), profiles.end(), name) == profiles.end()) continue;
      if (!is_list(profile[1])) fail(file, profile.position(), profile, "{Profile, [Term]}");
      check_terms(profile[1].elements(), file, profile.position());
    }
  }
}

}  // namespace relmk::relx
