#include "start/node_name.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "start/vm_args.h"
#include "sys/error.h"
#include "sys/files.h"
#include "sys/host_name.h"
#include "sys/utf8.h"
#include "sys/words.h"

namespace relmk::start {
namespace {

void set_host(LocalHost& local, const std::string& name) {
  const size_t dot = name.find('.');
  local.host = name.substr(0, dot);
  if (dot != std::string::npos) local.domain = name.substr(dot + 1);
}

// The `domain` of resolv.conf. inet_config reads it for long names only, but a short name has no
// use for a domain.
std::string resolver_domain(const fs::path& resolver_files) {
  const fs::path file = resolver_files / "resolv.conf";
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return {};
  std::string domain;
  try {
    const std::string text = sys::read_file(file);
    for (const std::string_view line : sys::lines(text)) {
      const std::vector<std::string_view> words = sys::words(line);
      if (words.size() == 2 && words[0] == "domain") domain = words[1];
    }
  } catch (const Error&) {
    return {};
  }
  return domain;
}

bool is_name_character(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '-';
}

// A node's name is an atom.
NodeName of_possible_length(const NodeName& node, const std::string& shown) {
  constexpr size_t kMostCharacters = 255;
  if (sys::code_points(node.text()).size() > kMostCharacters)
    throw Error(
        fmt::format("{}: a node's name has no more than {} characters", shown, kMostCharacters));
  return node;
}

}  // namespace

fs::path resolver_files(const sys::Environment& environment) {
  const auto given = environment.find("ERL_INET_ETC_DIR");
  return given == environment.end() ? "/etc" : given->second;
}

LocalHost local_host(const fs::path& resolver_files) {
  const std::string own = sys::host_name();
  if (own.empty()) return {"nohost", "nodomain"};
  LocalHost local;
  set_host(local, own);
  const std::string domain = resolver_domain(resolver_files);
  if (!domain.empty()) local.domain = domain;
  if (local.domain.empty()) {
    const std::string name = sys::canonical_host_name(local.host);
    if (!name.empty()) set_host(local, name);
  }
  return local;
}

NodeName complete_node_name(std::string_view given, NameType type,
                            const sys::Environment& environment) {
  const std::string shown = "`" + shown_word(given) + "`";
  const size_t at = given.find('@');
  NodeName node;
  node.name = given.substr(0, at);
  if (at != std::string_view::npos) node.host = given.substr(at + 1);
  if (node.name.empty() || !std::all_of(node.name.begin(), node.name.end(), is_name_character) ||
      node.host.find_first_of("@ \t\r\n") != std::string::npos) {
    throw Error(shown + " is no name of a node")
        .with_hint("NAME or NAME@HOST, where NAME has letters, digits, _ and - only");
  }
  if (!node.host.empty()) {
    if (type == NameType::Short && node.host.find('.') != std::string::npos) {
      throw Error(shown + ": the host of a short name holds no dot")
          .with_hint("-name instead of -sname");
    }
    return of_possible_length(node, shown);
  }
  const LocalHost local = local_host(resolver_files(environment));
  node.host = local.host;
  if (type == NameType::Long) {
    if (local.domain.empty()) {
      throw Error(shown + ": this host's name has no domain, so the node's long name is not known")
          .with_hint("give it as NAME@HOST");
    }
    node.host += "." + local.domain;
  }
  return of_possible_length(node, shown);
}

}  // namespace relmk::start
