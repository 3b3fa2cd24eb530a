// RELEASE.toml: the configuration for people who don't want to write Erlang.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <cmath>
#include <sstream>

#include "enit/configuration.h"
#include "sys/files.h"
#include "sys/utf8.h"
#include "term/consult.h"
#include "term/toml_depth.h"

namespace relmk::enit {
namespace {

Position position(const toml::source_region& source) {
  return {static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
}

class Conversion {
 public:
  explicit Conversion(const std::string& file) : file_(file) {}

  // Throws Error for one that there cannot be.
  Atom atom(std::string_view text, Position at) const {
    constexpr size_t kLongest = 255;  // characters
    if (sys::code_points(text).size() > kLongest) {
      throw Error(file_, at, fmt::format("longer than the {} characters of an atom", kLongest));
    }
    return Atom(text);
  }
  Atom atom(const toml::key& key) const { return atom(key.str(), position(key.source())); }

  Term term(const toml::node& node) const {
    const Position at = position(node.source());
    if (const auto* number = node.as_integer()) return Term(number->get());
    if (const auto* truth = node.as_boolean()) return Term::boolean(truth->get());
    if (const auto* text = node.as_string()) return Term::string(text->get(), at);
    if (const toml::array* array = node.as_array()) return Term::list(elements(*array), at);
    if (const toml::table* table = node.as_table()) return of_table(*table, at);
    if (const auto* number = node.as_floating_point()) {
      if (!std::isfinite(number->get())) throw Error(file_, at, "Erlang has no such number");
      return Term(number->get());
    }
    throw Error(file_, at, "dates and times have no form in Erlang")
        .with_hint("write it as a string");
  }

 private:
  Terms elements(const toml::array& array) const {
    Terms out;
    for (const toml::node& element : array)
      out.push_back(term(element));
    return out;
  }

  std::string text(const toml::node& node, const char* what) const {
    if (const auto* text = node.as_string()) return text->get();
    throw Error(file_, position(node.source()), std::string(what) + ": expected a string");
  }

  Term of_table(const toml::table& table, Position at) const {
    if (table.size() == 1) {
      const auto first = table.begin();  // holds the pair that it leads to
      const auto& [key, node] = *first;
      if (key == "atom") return atom(text(node, "atom"), position(node.source()));
      if (key == "binary") return Term::binary(text(node, "binary"));
      if (key == "term") return erlang_term(text(node, "term"), position(node.source()));
      if (key == "tuple") return tuple(node, at);
      if (key == "map") return map(node);
    }
    Terms pairs;
    for (const auto& [key, node] : table)
      pairs.push_back(Term::tuple({atom(key), term(node)}, position(key.source())));
    return Term::list(std::move(pairs), at);
  }

  Term tuple(const toml::node& node, Position at) const {
    const toml::array* array = node.as_array();
    if (array == nullptr) throw Error(file_, position(node.source()), "tuple: expected an array");
    return Term::tuple(elements(*array), at);
  }

  Term map(const toml::node& node) const {
    const toml::table* table = node.as_table();
    if (table == nullptr) throw Error(file_, position(node.source()), "map: expected a table");
    std::vector<Term::MapEntry> entries;
    for (const auto& [key, value] : *table)
      entries.emplace_back(atom(key), term(value));
    return Term::map(std::move(entries));
  }

  Term erlang_term(const std::string& text, Position at) const {
    try {
      const Terms terms = term::consult_text("", text + "\n.");
      if (terms.size() == 1) return terms.front();
    } catch (const Error& error) {
      throw Error(file_, at, "term: " + error.message());
    }
    throw Error(file_, at, "term: expected one Erlang term");
  }

  const std::string& file_;
};

class Document {
 public:
  Document(const std::string& file, Configuration& out, Faults& faults)
      : file_(file), conversion_(file), out_(out), faults_(faults) {}

  void take(const toml::table& document) {
    for (const auto& [name, node] : document) {
      try {
        take(name, node);
      } catch (const Error& error) {
        faults_.add(error);
      }
    }
  }

 private:
  void take(const toml::key& name, const toml::node& node) {
    const toml::table* table = node.as_table();
    const std::string application(name.str());
    if (table == nullptr) {
      faults_.add(Error(file_, position(name.source()),
                        application + ": expected a table: [" + application + "]"));
    } else if (application == "extension") {
      for (const auto& [extension, properties] : *table)
        take_extension(extension, properties);
    } else {
      take_section(conversion_.atom(name).text(), *table);
    }
  }

  void take_section(const std::string& application, const toml::table& table) {
    Section& section = out_.sections[application];
    for (const auto& [key, node] : table) {
      try {
        section[conversion_.atom(key).text()] = {conversion_.term(node), file_,
                                                 position(key.source())};
      } catch (const Error& error) {
        faults_.add(error);
      }
    }
  }

  void take_extension(const toml::key& name, const toml::node& node) {
    const toml::table* table = node.as_table();
    const toml::array* names = table == nullptr ? nullptr : (*table)["applications"].as_array();
    if (names == nullptr) {
      return faults_.add(
          Error(file_, position(name.source()), "extension: expected applications = [\"NAME\"]"));
    }
    Extension extension{conversion_.atom(name), {{}, file_, position(name.source())}};
    for (const toml::node& element : *names) {
      if (const auto* text = element.as_string()) {
        extension.applications.names.push_back(
            conversion_.atom(text->get(), position(element.source())));
      } else {
        faults_.add(Error(file_, position(element.source()), "applications: expected a name"));
      }
    }
    out_.extensions.push_back(std::move(extension));
  }

  const std::string& file_;
  const Conversion conversion_;
  Configuration& out_;
  Faults& faults_;
};

}  // namespace

void read_toml_configuration(const std::string& file, Configuration& out, Faults& faults) {
  const std::string text = sys::read_file(file);
  term::check_toml_depth(file, text);
  toml::table document;
  try {
    document = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    throw Error(file, position(error.source()), std::string(error.description()));
  }
  Document(file, out, faults).take(document);
}

}  // namespace relmk::enit
