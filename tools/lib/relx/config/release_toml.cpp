#include "relx/config/release_toml.h"

#include <fmt/core.h>

#include <map>
#include <optional>
#include <vector>

#include "relx/config/toml_entry.h"
#include "sys/error.h"
#include "term/toml_depth.h"

namespace relmk::relx {
namespace {

// Files, {Key, Value}, or both.
Term overlay_vars(const TomlEntry& entry) {
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

struct TomlAction {
  const char* name;
  const char* second;      // the key beside it; nullptr: none
  bool second_goes_first;  // {chmod, Mode, Path}
};

// { copy = "from", to = "there" } and the like.
Term overlay_action(const TomlEntry& overlay, const toml::node& node) {
  static const TomlAction actions[] = {{"mkdir", nullptr, false},
                                       {"copy", "to", false},
                                       {"template", "to", false},
                                       {"link", "to", false},
                                       {"chmod", "mode", true}};
  const auto parts = known_entries(
      overlay, node, {"mkdir", "copy", "template", "link", "chmod", "to", "mode", "vars"});
  for (const TomlAction& action : actions) {
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

Term overlay(const TomlEntry& entry) {
  return list_of(entry, [&](const toml::node& node) { return overlay_action(entry, node); });
}

// "pid", { pid = "file" }, { wait_for_process = "name" }, … or the path of a script.
Term hook(const TomlEntry& entry, const toml::node& node) {
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
  const TomlEntry& only = parts.begin()->second;
  return only.term(only.key == "wait_for_process" ? word(only) : string(only));
}

Term hooks(const TomlEntry& entry) {
  known_entries(entry, entry.value,
                {"pre_start", "post_start", "pre_stop", "post_stop", "pre_install_upgrade",
                 "post_install_upgrade", "status"});
  return pairs_of(entry, entry.value, "a table of hooks by phase", [](const TomlEntry& phase) {
    return list_of(phase, [&](const toml::node& node) { return hook(phase, node); });
  });
}

// "1.0.0", "git", "semver", { git = "short" }, { file = "VERSION" }, { cmd = "…" }
Term version(const TomlEntry& entry) {
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
  const TomlEntry& only = parts.begin()->second;
  return only.term(only.key == "git" ? word(only) : string(only));
}

// "name", or { name = "base", version = "1.0" }
Term name_and_version(const TomlEntry& entry) {
  if (!entry.value.is_table())
    return word_at(entry, entry.value, "a name, or { name = …, version = … }");
  const auto parts = known_entries(entry, entry.value, {"name", "version"});
  if (parts.size() != 2) throw entry.expected("a name, or { name = …, version = … }");
  return Term::tuple({word(parts.at("name")), string(parts.at("version"))}, entry.at);
}

Term application(const TomlEntry& entry, const toml::node& node) {
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
  Term (*convert)(const TomlEntry&);
  const char* relx_name = nullptr;  // where it has another one
};

const std::map<std::string_view, Key>& keys() {
  static const std::map<std::string_view, Key> table = {
      {"check_for_undefined_functions", {boolean}},
      {"commands", {words, "extended_start_script_commands"}},
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

class TomlReader {
 public:
  explicit TomlReader(const std::string& file) : file_(file) {}

  Terms terms(const toml::table& document) {
    warnings_as_errors_ = document["warnings_as_errors"].value_or(false);
    Terms out;
    for (const TomlEntry& entry : in_order(document)) {
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
  std::vector<TomlEntry> in_order(const toml::table& table) const {
    std::vector<TomlEntry> modes;
    std::vector<TomlEntry> others;
    for (const TomlEntry& entry : entries(file_, table)) {
      (entry.key == "mode" || entry.key == "dev_mode" ? modes : others).push_back(entry);
    }
    for (const TomlEntry& entry : others)
      modes.push_back(entry);
    return modes;
  }

  std::optional<Term> configuration(const TomlEntry& entry, const char* where) const {
    const auto known = keys().find(entry.key);
    if (known != keys().end()) {
      const Key& key = known->second;
      return entry.term(key.relx_name ? key.relx_name : entry.key, key.convert(entry));
    }
    const std::string message = fmt::format("unknown key `{}`{}", entry.key, where);
    if (warnings_as_errors_) throw Error(file_, entry.at, message);
    sys::warn(file_, entry.at, message);
    return std::nullopt;
  }

  void add_releases(Terms& out, const TomlEntry& entry) const {
    if (const toml::array* array = entry.value.as_array()) {
      for (const toml::node& element : *array)
        out.push_back(release(entry, element));
    } else {
      out.push_back(release(entry, entry.value));
    }
  }

  // {release, {Name, Version[, {extend, Base}]}[, {erts, Version}], [Application][, [Config]]}
  Term release(const TomlEntry& around, const toml::node& node) const {
    const toml::table* table = node.as_table();
    if (table == nullptr) throw around.expected(node, "[release] or [[release]]");
    std::map<std::string, Term> parts;
    Terms config;
    for (const TomlEntry& entry : in_order(*table)) {
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
  term::check_toml_depth(file, text);
  toml::table document;
  try {
    document = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error(file, position(error.source()), std::string(error.description()));
  }
  return TomlReader(file).terms(document);
}

}  // namespace relmk::relx
