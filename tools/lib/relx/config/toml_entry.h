// Entries of a TOML document as Erlang's terms, for the files here that read such documents: each
// conversion throws Error, with a position, for a value of another kind.
#pragma once

#include <toml++/toml.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sys/error.h"
#include "term/term.h"

namespace relmk::relx {

Position position(const toml::source_region& source);

// One `key = value`, with what is needed to complain about it.
struct TomlEntry {
  const std::string& file;
  std::string key;
  const toml::node& value;
  Position at;  // of the key

  Error expected(const std::string& what) const { return expected(value, what); }
  Error expected(const toml::node& where, const std::string& what) const {
    return Error(file, position(where.source()), key + ": expected " + what);
  }
  Term term(Term of_value) const { return term(key, std::move(of_value)); }
  Term term(std::string_view name, Term of_value) const {
    return Term::tuple({Term::atom(name), std::move(of_value)}, at);
  }
};

// A table's entries in the order of the text.
std::vector<TomlEntry> entries(const std::string& file, const toml::table& table);
// The same, by key, of a table whose keys are given; Error for any other.
std::map<std::string, TomlEntry> known_entries(const TomlEntry& around, const toml::node& node,
                                               const std::vector<std::string_view>& known);

std::string text_at(const TomlEntry& entry, const toml::node& node, const char* what = "a string");
Term string_at(const TomlEntry& entry, const toml::node& node, const char* what = "a string");
Term word_at(const TomlEntry& entry, const toml::node& node, const char* what = "a name");

// One value, or an array of them.
template <typename Convert>
Term list_of(const TomlEntry& entry, Convert convert) {
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
Term pairs_of(const TomlEntry& entry, const toml::node& node, const char* what, Convert convert) {
  const toml::table* table = node.as_table();
  if (table == nullptr) throw entry.expected(node, what);
  Terms out;
  for (const TomlEntry& pair : entries(entry.file, *table))
    out.push_back(pair.term(convert(pair)));
  return Term::list(std::move(out), position(node.source()));
}

// A value of any kind: that of an overlay variable.
Term value_term(const TomlEntry& entry, const toml::node& node);

// The entry's own value. Words are atoms.
Term boolean(const TomlEntry& entry);
Term integer(const TomlEntry& entry);
Term string(const TomlEntry& entry);
Term word(const TomlEntry& entry);
Term strings(const TomlEntry& entry);  // or one string
Term words(const TomlEntry& entry);    // or one word
Term boolean_or_string(const TomlEntry& entry);
Term string_or_false(const TomlEntry& entry);
Term boolean_or_words(const TomlEntry& entry);
Term words_by_name(const TomlEntry& entry);
Term strings_by_name(const TomlEntry& entry);

}  // namespace relmk::relx
