#include "kazoo/kazoo_config.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "sys/host_name.h"
#include "term/term.h"

namespace relmk::kazoo {
namespace {

constexpr size_t kLongestAtom = 255;  // characters

const IniProperty* first(const IniSection& section, std::string_view name) {
  for (const IniProperty& property : section.properties) {
    if (property.name == name) return &property;
  }
  return nullptr;
}

// Kazoo takes quotes off the ends of some settings; the cookie is not among them.
std::string without_quotes(const std::string& text) {
  const size_t begin = text.find_first_not_of('"');
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of('"') - begin + 1);
}

std::string text_of(const IniProperty& property) {
  if (property.kind == IniProperty::Kind::Absent) return "undefined";
  return without_quotes(property.value);
}

bool is_utf8(const std::string& text) {
  std::string again;
  for (char32_t c : sys::code_points(text))
    sys::append_utf8(again, c);
  return again == text;
}

// What keeps Kazoo from taking a setting; empty for nothing.
std::string_view trouble_with(std::string_view section, const IniProperty& property) {
  using enum IniProperty::Kind;
  const std::string_view name = property.name;
  const bool is_zone = name == "zone" || (section == "zone" && name == "name");
  const bool is_stripped =
      name == "uri" || name == "ip" || name == "host" || (section == "zone" && name == "amqp_uri");
  if (property.kind == Number && (is_zone || is_stripped)) return "a number and no text";
  if (property.kind == Absent && is_stripped) return "nothing";
  if (!is_zone && name != "cookie" && name != "pool" && name != "pool_name") return "";
  const std::string atom = is_zone ? without_quotes(property.value) : property.value;
  if (!is_utf8(atom)) return "what is not UTF-8";
  return sys::code_points(atom).size() > kLongestAtom ? "more than 255 characters" : "";
}

std::string host_of(const IniSection& section) {
  const IniProperty* host = first(section, "host");
  return host == nullptr ? "zone" : text_of(*host);
}

// The name of this host as gethostbyname knows it, after inet:gethostname/0 has cut off its domain.
std::string known_host_name() {
  const std::string name = sys::short_host_name();
  if (name.empty()) throw Error("cannot learn this machine's name");
  const std::string canonical = sys::canonical_host_name(name);
  return canonical.empty() ? name : canonical;
}

}  // namespace

KazooConfig::KazooConfig(const fs::path& file) : KazooConfig(file.string(), sys::read_file(file)) {}

KazooConfig::KazooConfig(std::string file, std::string_view text) : file_(std::move(file)) {
  sections_ = parse_kazoo_ini(file_, text);
  check();
}

// Kazoo takes the quotes off some settings as it loads the file, and makes atoms of others. It does
// not survive one that is no text, or that no atom can hold.
void KazooConfig::check() const {
  for (const IniSection& section : sections_) {
    if (section.name == "log") continue;
    for (const IniProperty& property : section.properties) {
      const std::string_view trouble = trouble_with(section.name, property);
      if (!trouble.empty()) {
        throw Error(file_, property.at,
                    fmt::format("Kazoo fails to start with {} for `{}`", trouble, property.name));
      }
    }
  }
}

std::vector<const IniSection*> KazooConfig::sections_at(std::string_view name,
                                                        const KazooPlace& place) const {
  std::vector<const IniSection*> zones;
  std::vector<const IniSection*> generic;
  for (const IniSection& section : sections_) {
    if (section.name != name) continue;
    // Kazoo has two words that are no hosts: `zone`, which it also takes where there is no `host`,
    // and `generic`.
    const std::string host = host_of(section);
    const IniProperty* zone = host == "generic" ? nullptr : first(section, "zone");
    if (host != "zone" && host != "generic") {
      if (host == place.host) return {&section};
    } else if (zone == nullptr) {
      generic.push_back(&section);
    } else if (text_of(*zone) == place.zone) {
      zones.push_back(&section);
    }
  }
  return zones.empty() ? generic : zones;
}

std::optional<fs::path> find_kazoo_config(const sys::Environment& environment) {
  if (const auto given = environment.find("KAZOO_CONFIG"); given != environment.end())
    return given->second;
  for (const char* file : {"/etc/kazoo/config.ini", "/etc/kazoo/core/config.ini"}) {
    std::error_code error;
    if (fs::exists(file, error) || error) return file;
  }
  return std::nullopt;
}

KazooPlace kazoo_place(const KazooConfig& config, std::string_view node_section,
                       const sys::Environment& environment) {
  KazooPlace place{known_host_name(), "local"};
  if (const auto given = environment.find("KAZOO_ZONE"); given != environment.end()) {
    place.zone = given->second;
    return place;
  }
  const IniProperty* zone = nullptr;
  for (const IniSection* section : config.sections_at(node_section, place)) {
    for (const IniProperty& property : section->properties) {
      if (property.name != "zone") continue;
      if (zone != nullptr) {
        throw Error(config.file(), property.at,
                    fmt::format("a second zone for section [{}], after the one at line {}: "
                                "Kazoo fails to start with both",
                                node_section, zone->at.line));
      }
      zone = &property;
    }
  }
  if (zone != nullptr) place.zone = text_of(*zone);
  return place;
}

}  // namespace relmk::kazoo
