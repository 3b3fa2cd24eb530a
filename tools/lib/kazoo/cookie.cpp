#include "kazoo/cookie.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "sys/utf8.h"

namespace relmk::kazoo {
namespace {

constexpr char32_t kLastLatin1 = 0xff;

void check_readers(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0) {
    sys::warn(file.string(), {}, "others can read this file and the cookies in it: chmod o-r");
  }
}

// Kazoo's reader takes no notice of the host in a node's name; a user may think that it does.
void check_host(const KazooConfig& config, std::string_view node, const KazooPlace& place) {
  const size_t sign = node.find('@');
  if (sign == std::string_view::npos) return;
  const std::string host(node.substr(sign + 1));
  const auto named = config.sections_at(node_type(node), {host, place.zone});
  if (host == place.host || named == config.sections_at(node_type(node), place)) return;
  sys::warn(
      config.file(), named[0]->at,
      fmt::format("not the section read: as Kazoo does, this goes by the machine it runs on, {}",
                  place.host));
}

std::string no_file(std::string_view type) {
  return fmt::format("no config.ini for section [{}]", type);
}

fs::path config_file(std::string_view type, const std::optional<fs::path>& given,
                     const sys::Environment& environment) {
  if (given) return *given;
  const std::optional<fs::path> found = find_kazoo_config(environment);
  if (!found) {
    throw Error("/etc/kazoo/config.ini",
                no_file(type) +
                    ": $KAZOO_CONFIG is not set, and neither this file nor "
                    "/etc/kazoo/core/config.ini exists");
  }
  if (found->empty())
    throw Error("KAZOO_CONFIG", no_file(type) + ": the variable is set, but empty");
  return *found;
}

}  // namespace

std::string node_type(std::string_view node) {
  return std::string(node.substr(0, node.find('@')));
}

Cookie kazoo_cookie(const KazooConfig& config, const std::string& type, const KazooPlace& place) {
  const auto& all = config.sections();
  const auto section = std::find_if(
      all.begin(), all.end(), [&](const IniSection& candidate) { return candidate.name == type; });
  if (section == all.end()) throw Error(config.file(), fmt::format("no section [{}]", type));
  const auto sections = config.sections_at(type, place);
  if (sections.empty()) {
    throw Error(
        config.file(), section->at,
        fmt::format("no section [{}] is for host {} or zone {}", type, place.host, place.zone));
  }
  std::vector<const IniProperty*> cookies;
  for (const IniSection* chosen : sections) {
    for (const IniProperty& property : chosen->properties) {
      if (property.name == "cookie") cookies.push_back(&property);
    }
  }
  if (cookies.empty())
    throw Error(config.file(), sections[0]->at, fmt::format("no cookie in section [{}]", type));
  const IniProperty& cookie = *cookies[0];
  if (cookies.size() > 1) {
    throw Error(
        config.file(), cookies[1]->at,
        fmt::format(
            "a second cookie for section [{}], after the one at line {}: Kazoo takes neither", type,
            cookie.at.line));
  }
  if (cookie.kind == IniProperty::Kind::Absent || cookie.value.empty()) {
    throw Error(config.file(), cookie.at, fmt::format("the cookie in section [{}] is empty", type));
  }
  for (const char32_t c : sys::code_points(cookie.value)) {
    if (c > kLastLatin1) {
      throw Error(config.file(), cookie.at,
                  "the cookie has characters that no node can run with: those above 255");
    }
  }
  return {cookie.value, config.file(), cookie.at};
}

Cookie read_cookie(std::string_view node, const std::optional<fs::path>& file,
                   const sys::Environment& environment) {
  const std::string type = node_type(node);
  const fs::path path = config_file(type, file, environment);
  std::error_code error;
  if (!fs::exists(path, error) && !error)
    throw Error(path.string(), no_file(type) + ": the file does not exist");
  const KazooConfig config(path);
  check_readers(path);
  const KazooPlace place = kazoo_place(config, type, environment);
  Cookie cookie = kazoo_cookie(config, type, place);
  check_host(config, node, place);
  if (cookie.value.find('\r') != std::string::npos) {
    sys::warn(cookie.file, cookie.at,
              "the cookie holds a carriage return (CR), and so does Kazoo's");
  }
  return cookie;
}

}  // namespace relmk::kazoo
