// The cookie of a Kazoo node, from config.ini and from FreeSWITCH's side of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kazoo/kazoo_config.h"
#include "sys/error.h"
#include "sys/files.h"

namespace relmk::kazoo {

struct Cookie {
  std::string value;  // never to be printed in an error
  std::string file;   // where it stands
  Position at;
};

// `kazoo_apps` of `kazoo_apps@host`. As Kazoo's own reader, this one looks at the sections of the
// machine it runs on, whatever host the node's name says.
std::string node_type(std::string_view node);

// The cookie that Kazoo gives to nodes of `type` at `place`. Throws Error when there is none, or
// several (at which Kazoo's reader fails).
Cookie kazoo_cookie(const KazooConfig& config, const std::string& type, const KazooPlace& place);

// The cookie of `node` (a node type, with or without `@host`) from `file`, else from the file that
// Kazoo would read, on this machine. Warns when others can read the file, and when the file has a
// section for `@host` but Kazoo would take that of this machine. Throws Error.
Cookie read_cookie(std::string_view node, const std::optional<fs::path>& file,
                   const sys::Environment& environment);

// The `cookie` parameter of FreeSWITCH's kazoo.conf.xml. Throws Error when it is not in this file,
// or is a FreeSWITCH variable.
Cookie freeswitch_cookie(const fs::path& kazoo_conf_xml);

}  // namespace relmk::kazoo
