#include "relx/config_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "eval/script.h"
#include "otp/installation.h"
#include "sys/error.h"
#include "sys/wildcard.h"
#include "term/consult.h"

namespace relmk {
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

// rebar_relx:merge_overlays: all overlay terms as one, at the front.
Terms join_overlays(Terms terms) {
  Terms overlays = split_off_overlays(terms);
  if (overlays.empty()) return terms;
  Terms actions;
  for (auto overlay = overlays.rbegin(); overlay != overlays.rend(); ++overlay) {
    if (!overlay->is_tuple(2) || !(*overlay)[1].is_proper_list()) {
      terms.insert(terms.begin(), *overlay);  // malformed: apply_relx_terms says how
      continue;
    }
    actions.insert(actions.end(), (*overlay)[1].elements().begin(), (*overlay)[1].elements().end());
  }
  terms.insert(terms.begin(), Term::tuple({Term::atom("overlay"), Term::list(actions)},
                                          overlays.front().position()));
  return terms;
}

// dict:from_list: the last of equal keys counts.
std::optional<Term> last_value(const Terms& list, std::string_view key) {
  for (auto term = list.rbegin(); term != list.rend(); ++term) {
    if (term->is_tagged(key, 2)) return (*term)[1];
  }
  return {};
}

std::optional<Terms> relx_section(const Terms& list) {
  const std::optional<Term> section = last_value(list, "relx");
  if (!section || !section->is_proper_list()) return {};
  return section->elements();
}

// A rebar configuration is told by its content: a relx section, or other terms of rebar3 and no
// release.
bool is_rebar_config(const Terms& terms) {
  const auto has = [&](const char* key) {
    return std::any_of(terms.begin(), terms.end(),
                       [&](const Term& term) { return term.is_tagged(key); });
  };
  return has("relx") || (!has("release") && (has("erl_opts") || has("deps") || has("profiles")));
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

Terms evaluate(const fs::path& script, const fs::path& plain, const ConfigRequest& request) {
  const Terms config = fs::exists(plain) ? consult_file(plain) : Terms{};
  ScriptOptions options;
  const Installation otp = find_installation();
  options.otp_root = otp.root;
  options.otp_release = otp.otp_release;
  options.erts_version = otp.erts_version;
  if (request.verbose) {
    options.handed_over = [&](const std::string& name) {
      fmt::print(stderr, "{}: evaluated by erl, because of {}\n", script.string(), name);
    };
  }
  const Term value = evaluate_script(
      script, {{"CONFIG", Term::list(config)}, {"SCRIPT", Term::string(script.string())}}, options);
  return value.is_proper_list() ? value.elements() : Terms{value};
}

// Names of the applications whose sources lie where rebar3 looks for a project's own.
std::vector<std::string> rebar_project_apps(const Terms& rebar_config) {
  std::vector<std::string> patterns = {"apps/*", "lib/*", "."};
  if (const auto dirs = last_value(rebar_config, "project_app_dirs");
      dirs && dirs->is_proper_list()) {
    patterns.clear();
    for (const Term& dir : dirs->elements()) {
      if (dir.is_string()) patterns.push_back(dir.to_utf8());
    }
  }
  std::vector<std::string> names;
  for (const std::string& pattern : patterns) {
    for (const char* resource : {"/src/*.app.src", "/src/*.app.src.script", "/ebin/*.app"}) {
      for (const fs::path& path : wildcard(pattern + resource, fs::current_path())) {
        const std::string file = path.filename().string();
        names.push_back(file.substr(0, file.find(".app")));
      }
    }
  }
  return names;
}

// rebar3's _build/PROFILE, with the names that make it: REBAR_BASE_DIR, {base_dir, Dir}.
fs::path rebar_build_dir(const Terms& rebar_config, const std::vector<std::string>& profiles) {
  fs::path base = "_build";
  if (const auto dir = last_value(rebar_config, "base_dir"); dir && dir->is_string()) {
    base = dir->to_utf8();
  }
  if (const char* dir = std::getenv("REBAR_BASE_DIR"); dir != nullptr && *dir != '\0') base = dir;
  std::string name;
  for (const std::string& profile : profiles)
    name += (name.empty() ? "" : "+") + profile;
  return fs::absolute(base / (name.empty() ? "default" : name));
}

void read_rebar(ConfigSource& source, const Terms& rebar_config,
                const std::vector<std::string>& profiles) {
  source.is_rebar = true;
  source.build_dir = rebar_build_dir(rebar_config, profiles);
  source.project_apps = rebar_project_apps(rebar_config);
  const auto pair = [](const char* key, Term value) {
    return Term::tuple({Term::atom(key), std::move(value)});
  };
  const auto value = [&](const char* key, const std::string& text) {
    return Term::list({pair(key, Term::string(text))});
  };
  if (std::find(profiles.begin(), profiles.end(), "prod") != profiles.end()) {
    source.terms.push_back(pair("mode", Term::atom("prod")));
  }
  const std::string profile_string = source.build_dir.filename().string();
  source.terms.push_back(pair("output_dir", Term::string((source.build_dir / "rel").string())));
  source.terms.push_back(pair("overlay_vars_values", value("profile_string", profile_string)));
  source.terms.push_back(pair("overlay_vars", value("base_dir", source.build_dir.string())));
  const Terms relx = join_overlays(rebar_relx_terms(rebar_config, profiles));
  source.terms.insert(source.terms.end(), relx.begin(), relx.end());
}

}  // namespace

Terms rebar_relx_terms(const Terms& rebar_config, const std::vector<std::string>& profiles) {
  std::optional<Terms> merged = relx_section(rebar_config);
  const std::optional<Term> known = last_value(rebar_config, "profiles");
  for (const std::string& profile : profiles) {
    const std::optional<Term> terms = known ? proplist_value(*known, profile) : std::nullopt;
    if (!terms || !terms->is_proper_list()) continue;
    const std::optional<Terms> section = relx_section(terms->elements());
    if (!section) continue;
    merged = merged ? merge_relx(*section, *merged) : *section;
  }
  return merged.value_or(Terms{});
}

ConfigSource read_config_source(const ConfigRequest& request) {
  const std::string extension = ".script";
  const std::string name = request.file.string();
  const bool named_script = ends_with(name, extension);
  const fs::path plain = named_script ? name.substr(0, name.size() - extension.size()) : name;
  const fs::path script = named_script ? name : name + extension;
  ConfigSource source;
  Terms terms;
  if (fs::is_regular_file(script)) {
    source.file = script.string();
    terms = evaluate(script, plain, request);
  } else {
    source.file = plain.string();
    terms = consult_file(plain);
  }
  if (is_rebar_config(terms)) {
    read_rebar(source, terms, request.profiles);
    return source;
  }
  // relx.config as one list of terms is read too: a script's value often is that.
  source.terms = terms.size() == 1 && terms[0].is_proper_list() ? terms[0].elements() : terms;
  return source;
}

}  // namespace relmk
