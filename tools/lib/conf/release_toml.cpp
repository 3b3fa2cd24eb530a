#include "conf/release_toml.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "sys/error.h"

namespace relmk {
namespace {

Position position(const toml::source_region& source) {
  return {static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
}

// One `key = value`, with what is needed to complain about it.
struct Entry {
  const std::string& file;
  std::string key;
  const toml::node& value;
  Position at;  // of the key

  Error expected(const std::string& what) const { return expected(value, what); }
  Error expected(const toml::node& where, const std::string& what) const {
    return Error(file, position(where.source()), fmt::format("{}: expected {}", key, what));
  }
  Term term(Term of_value) const { return term(key, std::move(of_value)); }
  Term term(std::string_view name, Term of_value) const {
    return Term::tuple({Term::atom(name), std::move(of_value)}, at);
  }
};

// A table's entries in the order of the text.
std::vector<Entry> entries(const std::string& file, const toml::table& table) {
  std::vector<Entry> out;
  for (const auto& [key, value] : table) {
    out.push_back({file, std::string(key.str()), value, position(key.source())});
  }
  std::vector<size_t> order(out.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const Position x = out[a].at, y = out[b].at;
    return x.line != y.line ? x.line < y.line : x.column < y.column;
  });
  std::vector<Entry> sorted;
  for (size_t i : order)
    sorted.push_back(out[i]);
  return sorted;
}

std::string text_at(const Entry& entry, const toml::node& node, const char* what = "a string") {
  const auto* text = node.as_string();
  if (text == nullptr) throw entry.expected(node, what);
  return text->get();
}

Term string_at(const Entry& entry, const toml::node& node, const char* what = "a string") {
  return Term::string(text_at(entry, node, what), position(node.source()));
}

Term word_at(const Entry& entry, const toml::node& node, const char* what = "a name") {
  return Term::atom(text_at(entry, node, what));
}

// One value, or an array of them.
template <typename Convert>
Term list_of(const Entry& entry, Convert convert) {
  Terms out;
  if (const toml::array* array = entry.value.as_array()) {
    for (const toml::node& element : *array)
      out.push_back(convert(element));
  } else {
    out.push_back(convert(entry.value));
  }
  return Term::list(std::move(out), position(entry.value.source()));
}

// [{Key, Value}] of a table.
template <typename Convert>
Term pairs_of(const Entry& entry, const toml::node& node, const char* what, Convert convert) {
  const toml::table* table = node.as_table();
  if (table == nullptr) throw entry.expected(node, what);
  Terms out;
  for (const Entry& pair : entries(entry.file, *table))
    out.push_back(pair.term(convert(pair)));
  return Term::list(std::move(out), position(node.source()));
}

// The value of an overlay variable.
Term value_term(const Entry& entry, const toml::node& node) {
  if (const auto* number = node.as_integer()) return Term(number->get());
  if (const auto* number = node.as_floating_point()) return Term(number->get());
  if (const auto* truth = node.as_boolean()) return Term::boolean(truth->get());
  if (node.is_string()) return string_at(entry, node);
  if (const toml::array* array = node.as_array()) {
    Terms out;
    for (const toml::node& element : *array)
      out.push_back(value_term(entry, element));
    return Term::list(std::move(out), position(node.source()));
  }
  if (node.is_table()) {
    return pairs_of(entry, node, "a table",
                    [](const Entry& pair) { return value_term(pair, pair.value); });
  }
  std::ostringstream text;  // a date or time
  node.visit([&](const auto& concrete) {
    if constexpr (toml::is_value<decltype(concrete)>) text << concrete.get();
  });
  return Term::string(text.str(), position(node.source()));
}

Term boolean(const Entry& entry) {
  if (!entry.value.is_boolean()) throw entry.expected("true or false");
  return value_term(entry, entry.value);
}

Term integer(const Entry& entry) {
  if (!entry.value.is_integer()) throw entry.expected("an integer, as 0o755");
  return value_term(entry, entry.value);
}

Term string(const Entry& entry) {
  return string_at(entry, entry.value);
}

Term word(const Entry& entry) {
  return word_at(entry, entry.value);
}

Term strings(const Entry& entry) {
  return list_of(entry, [&](const toml::node& node) {
    return string_at(entry, node, "a string or an array of strings");
  });
}

Term words(const Entry& entry) {
  return list_of(entry, [&](const toml::node& node) {
    return word_at(entry, node, "a name or an array of names");
  });
}

Term boolean_or_string(const Entry& entry) {
  if (entry.value.is_boolean()) return boolean(entry);
  return string_at(entry, entry.value, "true, false or a path");
}

Term string_or_false(const Entry& entry) {
  const auto* truth = entry.value.as_boolean();
  if (truth != nullptr && !truth->get()) return Term::atom("false");
  return string_at(entry, entry.value, "a path or false");
}

Term boolean_or_words(const Entry& entry) {
  return entry.value.is_boolean() ? boolean(entry) : words(entry);
}

Term words_by_name(const Entry& entry) {
  return pairs_of(entry, entry.value, "a table of names", words);
}

Term strings_by_name(const Entry& entry) {
  return pairs_of(entry, entry.value, "a table of paths", string);
}

// Files, {Key, Value}, or both.
Term overlay_vars(const Entry& entry) {
  Terms out;
  const auto add = [&](const toml::node& node) {
    if (node.is_table()) {
      const Term pairs = value_term(entry, node);
      out.insert(out.end(), pairs.elements().begin(), pairs.elements().end());
    } else {
      out.push_back(string_at(entry, node, "a file name, a table, or an array of such"));
    }
  };
  if (const toml::array* array = entry.value.as_array()) {
    for (const toml::node& element : *array)
      add(element);
  } else {
    add(entry.value);
  }
  return Term::list(std::move(out), position(entry.value.source()));
}

// The keys of a table whose keys are given, each at most once; Error for any other.
std::map<std::string, Entry> known_entries(const Entry& around, const toml::node& node,
                                           const std::vector<std::string_view>& known) {
  const toml::table* table = node.as_table();
  if (table == nullptr) throw around.expected(node, "a table");
  std::map<std::string, Entry> out;
  for (const Entry& entry : entries(around.file, *table)) {
    if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
      throw Error(around.file, entry.at, fmt::format("{}: unknown key `{}`", around.key, entry.key))
          .with_hint(fmt::format("known are: {}", fmt::join(known, ", ")));
    }
    out.emplace(entry.key, entry);
  }
  return out;
}

struct OverlayAction {
  const char* name;
  const char* second;      // the key beside it; nullptr: none
  bool second_goes_first;  // {chmod, Mode, Path}
};

// { copy = "from", to = "there" } and the like.
Term overlay_action(const Entry& overlay, const toml::node& node) {
  static const OverlayAction actions[] = {{"mkdir", nullptr, false},
                                          {"copy", "to", false},
                                          {"template", "to", false},
                                          {"link", "to", false},
                                          {"chmod", "mode", true}};
  const auto parts = known_entries(
      overlay, node, {"mkdir", "copy", "template", "link", "chmod", "to", "mode", "vars"});
  for (const OverlayAction& action : actions) {
    const auto first = parts.find(action.name);
    if (first == parts.end()) continue;
    Terms out = {Term::atom(action.name), string(first->second)};
    size_t used = 1;
    if (action.second != nullptr) {
      const auto second = parts.find(action.second);
      if (second == parts.end()) {
        throw overlay.expected(node, fmt::format("`{}` beside `{}`", action.second, action.name));
      }
      const Term value =
          action.second_goes_first ? integer(second->second) : string(second->second);
      out.insert(action.second_goes_first ? out.begin() + 1 : out.end(), value);
      ++used;
    }
    if (const auto vars = parts.find("vars"); vars != parts.end() && out[0].is_atom("template")) {
      out.push_back(string(vars->second));
      ++used;
    }
    if (used != parts.size()) {
      throw overlay.expected(node, fmt::format("nothing more beside `{}`", action.name));
    }
    return Term::tuple(std::move(out), first->second.at);
  }
  throw overlay.expected(node, "one of mkdir, copy, template, link, chmod");
}

Term overlay(const Entry& entry) {
  return list_of(entry, [&](const toml::node& node) { return overlay_action(entry, node); });
}

// "pid", { pid = "file" }, { wait_for_process = "name" }, … or the path of a script.
Term hook(const Entry& entry, const toml::node& node) {
  if (!node.is_table()) {
    const std::string text =
        text_at(entry, node, "a path, the name of a built-in hook, or a table");
    if (text == "pid" || text == "wait_for_vm_start" || text == "builtin_status") {
      return Term::atom(text);
    }
    return Term::tuple({Term::atom("custom"), Term::string(text)}, position(node.source()));
  }
  const auto parts = known_entries(entry, node, {"pid", "wait_for_process", "custom"});
  if (parts.size() != 1) throw entry.expected(node, "one of pid, wait_for_process, custom");
  const Entry& only = parts.begin()->second;
  return only.term(only.key == "wait_for_process" ? word(only) : string(only));
}

Term hooks(const Entry& entry) {
  return pairs_of(entry, entry.value, "a table of hooks by phase", [](const Entry& phase) {
    return list_of(phase, [&](const toml::node& node) { return hook(phase, node); });
  });
}

// "1.0.0", "git", "semver", { git = "short" }, { file = "VERSION" }, { cmd = "…" }
Term version(const Entry& entry) {
  if (entry.value.is_string()) {
    const std::string text = text_at(entry, entry.value);
    return text == "git" || text == "semver" ? Term::atom(text) : string(entry);
  }
  const char* what =
      "a string, or one of { git = \"short\" | \"long\" }, { file = \"PATH\" }, { cmd = "
      "\"COMMAND\" }";
  if (!entry.value.is_table()) throw entry.expected(what);
  const auto parts = known_entries(entry, entry.value, {"git", "file", "cmd"});
  if (parts.size() != 1) throw entry.expected(what);
  const Entry& only = parts.begin()->second;
  return only.term(only.key == "git" ? word(only) : string(only));
}

// "name", or { name = "base", version = "1.0" }
Term name_and_version(const Entry& entry) {
  if (!entry.value.is_table())
    return word_at(entry, entry.value, "a name, or { name = …, version = … }");
  const auto parts = known_entries(entry, entry.value, {"name", "version"});
  if (parts.size() != 2) throw entry.expected("a name, or { name = …, version = … }");
  return Term::tuple({word(parts.at("name")), string(parts.at("version"))}, entry.at);
}

Term application(const Entry& entry, const toml::node& node) {
  if (!node.is_table()) return word_at(entry, node, "a name or a table");
  const auto parts = known_entries(entry, node, {"name", "version", "start", "included"});
  const auto name = parts.find("name");
  if (name == parts.end()) throw entry.expected(node, "an application's `name`");
  Terms out = {word(name->second)};
  if (const auto part = parts.find("version"); part != parts.end())
    out.push_back(string(part->second));
  if (const auto part = parts.find("start"); part != parts.end()) out.push_back(word(part->second));
  if (const auto part = parts.find("included"); part != parts.end())
    out.push_back(words(part->second));
  return out.size() == 1 ? out[0] : Term::tuple(std::move(out), position(node.source()));
}

struct Key {
  Term (*convert)(const Entry&);
  const char* relx_name = nullptr;  // where it has another one
};

const std::map<std::string_view, Key>& keys() {
  static const std::map<std::string_view, Key> table = {
      {"check_for_undefined_functions", {boolean}},
      {"debug_info", {word}},
      {"default_release", {name_and_version}},
      {"dev_mode", {boolean}},
      {"exclude_apps", {words}},
      {"exclude_modules", {words_by_name}},
      {"exref", {boolean_or_words}},
      {"extended_start_script", {boolean}},
      {"extensions", {strings_by_name, "extended_start_script_extensions"}},
      {"generate_start_script", {boolean}},
      {"hooks", {hooks, "extended_start_script_hooks"}},
      {"include_erts", {boolean_or_string}},
      {"include_nodetool", {boolean}},
      {"include_src", {boolean}},
      {"include_start_scripts_for", {words}},
      {"lib_dirs", {strings}},
      {"mode", {word}},
      {"node_types", {words}},
      {"output_dir", {string}},
      {"overlay", {overlay}},
      {"overlay_vars", {overlay_vars}},
      {"overlay_vars_values", {overlay_vars}},
      {"overrides", {strings_by_name}},
      {"root_dir", {string}},
      {"src_tests", {boolean}},
      {"sys_config", {string_or_false}},
      {"sys_config_src", {string_or_false}},
      {"system_libs", {boolean_or_string}},
      {"upfrom", {string}},
      {"vm_args", {string_or_false}},
      {"vm_args_src", {string_or_false}},
      {"warnings_as_errors", {boolean}},
  };
  return table;
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  Terms terms(const toml::table& document) {
    warnings_as_errors_ = document["warnings_as_errors"].value_or(false);
    Terms out;
    for (const Entry& entry : in_order(document)) {
      if (entry.key == "release") {
        add_releases(out, entry);
      } else if (std::optional<Term> term = configuration(entry, "")) {
        out.push_back(*term);
      }
    }
    return out;
  }

 private:
  // What `mode` expands to is overridden by what else is there, wherever it stands.
  std::vector<Entry> in_order(const toml::table& table) const {
    std::vector<Entry> modes;
    std::vector<Entry> others;
    for (const Entry& entry : entries(file_, table)) {
      (entry.key == "mode" || entry.key == "dev_mode" ? modes : others).push_back(entry);
    }
    for (const Entry& entry : others)
      modes.push_back(entry);
    return modes;
  }

  std::optional<Term> configuration(const Entry& entry, const char* where) const {
    const auto known = keys().find(entry.key);
    if (known != keys().end()) {
      const Key& key = known->second;
      return entry.term(key.relx_name ? key.relx_name : entry.key, key.convert(entry));
    }
    const std::string message = fmt::format("unknown key `{}`{}", entry.key, where);
    if (warnings_as_errors_) throw Error(file_, entry.at, message);
    warn(file_, entry.at, message);
    return std::nullopt;
  }

  void add_releases(Terms& out, const Entry& entry) const {
    if (const toml::array* array = entry.value.as_array()) {
      for (const toml::node& element : *array)
        out.push_back(release(entry, element));
    } else {
      out.push_back(release(entry, entry.value));
    }
  }

  // {release, {Name, Version[, {extend, Base}]}[, {erts, Version}], [Application][, [Config]]}
  Term release(const Entry& around, const toml::node& node) const {
    const toml::table* table = node.as_table();
    if (table == nullptr) throw around.expected(node, "[release] or [[release]]");
    std::map<std::string, Term> parts;
    Terms config;
    for (const Entry& entry : in_order(*table)) {
      if (entry.key == "name") {
        parts[entry.key] = word(entry);
      } else if (entry.key == "version") {
        parts[entry.key] = version(entry);
      } else if (entry.key == "erts") {
        parts[entry.key] = entry.term(string(entry));
      } else if (entry.key == "extend") {
        parts[entry.key] = entry.term(name_and_version(entry));
      } else if (entry.key == "applications") {
        parts[entry.key] =
            list_of(entry, [&](const toml::node& element) { return application(entry, element); });
      } else if (std::optional<Term> term = configuration(entry, " in a release")) {
        config.push_back(*term);
      }
    }
    for (const char* needed : {"name", "version", "applications"}) {
      if (!parts.contains(needed)) throw around.expected(node, fmt::format("`{}`", needed));
    }
    Terms name = {parts.at("name"), parts.at("version")};
    if (parts.contains("extend")) name.push_back(parts.at("extend"));
    const Position at = position(node.source());
    Terms out = {Term::atom("release"), Term::tuple(std::move(name), at)};
    if (parts.contains("erts")) out.push_back(parts.at("erts"));
    out.push_back(parts.at("applications"));
    if (!config.empty()) out.push_back(Term::list(std::move(config), at));
    return Term::tuple(std::move(out), at);
  }

  const std::string& file_;
  bool warnings_as_errors_ = false;
};

}  // namespace

Terms release_toml_terms(const std::string& file, std::string_view text) {
  toml::table document;
  try {
    document = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error(file, position(error.source()), std::string(error.description()));
  }
  return Reader(file).terms(document);
}

}  // namespace relmk
