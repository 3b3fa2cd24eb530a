// Names of nodes, NAME@HOST, completed as a VM completes the one of -name or -sname.
#pragma once

#include <string>
#include <string_view>

#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::start {

enum class NameType { Short, Long };  // -sname, -name

struct NodeName {
  std::string name;
  std::string host;

  std::string text() const { return name + "@" + host; }
  bool operator==(const NodeName&) const = default;
};

// Where a VM looks for resolv.conf: $ERL_INET_ETC_DIR, else /etc.
fs::path resolver_files(const sys::Environment& environment);

// The host and domain that a VM believes to be on: kernel's inet_config. The domain is empty when
// none is known.
struct LocalHost {
  std::string host;
  std::string domain;
};
LocalHost local_host(const fs::path& resolver_files);

// The name that a VM started with `-name GIVEN` or `-sname GIVEN` has. Throws Error where the VM
// would refuse: a short name's host with a dot, a long name without a domain to be found, a
// character that a name cannot hold, more than 255 characters.
NodeName complete_node_name(std::string_view given, NameType type,
                            const sys::Environment& environment);

}  // namespace relmk::start
