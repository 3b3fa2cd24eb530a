#include "relx/config/toml_entry.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "sys/words.h"

namespace relmk::relx {

Position position(const toml::source_region& source) {
  return {static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
}

std::vector<TomlEntry> entries(const std::string& file, const toml::table& table) {
  std::vector<TomlEntry> out;
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
  std::vector<TomlEntry> sorted;
  for (size_t i : order)
    sorted.push_back(out[i]);
  return sorted;
}

std::string text_at(const TomlEntry& entry, const toml::node& node, const char* what) {
  const auto* text = node.as_string();
  if (text == nullptr) throw entry.expected(node, what);
  return text->get();
}

Term string_at(const TomlEntry& entry, const toml::node& node, const char* what) {
  return Term::string(text_at(entry, node, what), position(node.source()));
}

Term word_at(const TomlEntry& entry, const toml::node& node, const char* what) {
  return Term::atom(text_at(entry, node, what));
}

Term value_term(const TomlEntry& entry, const toml::node& node) {
  if (const auto* number = node.as_integer()) return Term(number->get());
  if (const auto* number = node.as_floating_point()) {
    if (!std::isfinite(number->get())) throw entry.expected(node, "a number that Erlang has");
    return Term(number->get());
  }
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
                    [](const TomlEntry& pair) { return value_term(pair, pair.value); });
  }
  std::ostringstream text;  // a date or time
  node.visit([&](const auto& concrete) {
    if constexpr (toml::is_value<decltype(concrete)>) text << concrete.get();
  });
  return Term::string(text.str(), position(node.source()));
}

Term boolean(const TomlEntry& entry) {
  if (!entry.value.is_boolean()) throw entry.expected("true or false");
  return value_term(entry, entry.value);
}

Term integer(const TomlEntry& entry) {
  if (!entry.value.is_integer()) throw entry.expected("an integer, as 0o755");
  return value_term(entry, entry.value);
}

Term string(const TomlEntry& entry) {
  return string_at(entry, entry.value);
}

Term word(const TomlEntry& entry) {
  return word_at(entry, entry.value);
}

Term strings(const TomlEntry& entry) {
  return list_of(entry, [&](const toml::node& node) {
    return string_at(entry, node, "a string or an array of strings");
  });
}

Term words(const TomlEntry& entry) {
  return list_of(entry, [&](const toml::node& node) {
    return word_at(entry, node, "a name or an array of names");
  });
}

Term boolean_or_string(const TomlEntry& entry) {
  if (entry.value.is_boolean()) return boolean(entry);
  return string_at(entry, entry.value, "true, false or a path");
}

Term string_or_false(const TomlEntry& entry) {
  const auto* truth = entry.value.as_boolean();
  if (truth != nullptr && !truth->get()) return Term::atom("false");
  return string_at(entry, entry.value, "a path or false");
}

Term boolean_or_words(const TomlEntry& entry) {
  return entry.value.is_boolean() ? boolean(entry) : words(entry);
}

Term words_by_name(const TomlEntry& entry) {
  return pairs_of(entry, entry.value, "a table of names", words);
}

Term strings_by_name(const TomlEntry& entry) {
  return pairs_of(entry, entry.value, "a table of paths", string);
}

std::map<std::string, TomlEntry> known_entries(const TomlEntry& around, const toml::node& node,
                                               const std::vector<std::string_view>& known) {
  const toml::table* table = node.as_table();
  if (table == nullptr) throw around.expected(node, "a table");
  std::map<std::string, TomlEntry> out;
  for (const TomlEntry& entry : entries(around.file, *table)) {
    if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
      throw Error(around.file, entry.at, fmt::format("{}: unknown key `{}`", around.key, entry.key))
          .with_hint(fmt::format("known are: {}", sys::joined({known.begin(), known.end()}, ", ")));
    }
    out.emplace(entry.key, entry);
  }
  return out;
}

}  // namespace relmk::relx
