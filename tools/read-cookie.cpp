// Prints the cookie of a Kazoo node type as Kazoo's config.ini has it, or compares it with
// FreeSWITCH's.
#include <fmt/core.h>

#include <optional>
#include <string>

#include "kazoo/cookie.h"
#include "sys/environment.h"
#include "sys/tool.h"

using namespace relmk;

namespace {

int print_cookie(const kazoo::Cookie& cookie) {
  fmt::print("{}\n", cookie.value);  // it may hold a NUL
  return 0;
}

int compare(const kazoo::Cookie& kazoo, const kazoo::Cookie& freeswitch) {
  if (kazoo.value == freeswitch.value) return 0;
  throw Error(freeswitch.file, freeswitch.at,
              "this cookie is not the one at " + kazoo.file + ":" + std::to_string(kazoo.at.line) +
                  ": ecallmgr cannot connect to FreeSWITCH");
}

}  // namespace

int main(int argc, char** argv) {
  sys::CommandLine line("read-cookie",
                        "Prints the cookie of node type REL from Kazoo's config.ini.");
  std::string node;
  std::optional<fs::path> config;
  std::optional<fs::path> freeswitch;
  line.option("REL", node, "Node type, as kazoo_apps or kazoo_apps@host", {.is_required = true});
  line.option("--config", config, "Read this file, and not $KAZOO_CONFIG or one in /etc/kazoo",
              {.value = "FILE"});
  line.option("--freeswitch", freeswitch,
              "Print nothing: compare with the cookie in this kazoo.conf.xml of FreeSWITCH",
              {.value = "FILE"});
  return sys::run_tool(line, argc, argv, [&] {
    const kazoo::Cookie cookie = kazoo::read_cookie(node, config, sys::process_environment());
    return freeswitch ? compare(cookie, kazoo::freeswitch_cookie(*freeswitch))
                      : print_cookie(cookie);
  });
}
