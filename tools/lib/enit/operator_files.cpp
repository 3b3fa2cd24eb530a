#include "enit/operator_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "sys/random_bytes.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

// A value in a unit: % is systemd's own.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '%' ? "%%" : std::string(1, c);
  return out;
}

// A word of a command (systemd.service(5)), where $ is systemd's own, too.
std::string command_word(const std::string& word) {
  const bool is_plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/_-.,:+@=").find(c) != std::string_view::npos;
  });
  if (is_plain) return word;
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '%' || c == '$') out += c;
    out += c;
  }
  return out + "\"";
}

std::string command_line(const OwnCommand& command, const char* name, const std::string& release) {
  std::string line =
      fmt::format("{} {} {}", command_word(command.executable), name, command_word(release));
  for (const std::string& option : command.options)
    line += " " + command_word(option);
  return line;
}

// Whether something that the node is started from lies below one of these directories, links
// followed.
bool needs_one_of(const Release& release, const OwnCommand& command,
                  const std::vector<fs::path>& directories) {
  std::vector<fs::path> needed = release.specification.lib_dirs;
  needed.insert(needed.end(),
                {command.executable, release.place.directory, release.place.configuration});
  const auto lies_below = [](const fs::path& path, const fs::path& directory) {
    return std::mismatch(directory.begin(), directory.end(), path.begin(), path.end()).first ==
           directory.end();
  };
  for (const fs::path& path : needed) {
    std::error_code ignored;
    const fs::path real = fs::weakly_canonical(path, ignored);
    for (const fs::path& directory : directories) {
      if (lies_below(path, directory) || lies_below(real, directory)) return true;
    }
  }
  return false;
}

std::string random_cookie() {
  std::string cookie;
  for (const unsigned char byte : sys::random_bytes<24>())
    cookie += fmt::format("{:02x}", byte);
  return cookie;
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

bool is_release_name(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  return !name.empty() && name[0] != '-' && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

std::string systemd_unit(const Release& release, const OwnCommand& command) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(release.node.stop_timeout);
  const std::string name = escaped(release.name());
  return fmt::format(
      R"(# For /etc/systemd/system/{0}.service. The VM itself changes to the user of {{node, …}}.
#
# needrestart restarts services by itself when a library is upgraded. To leave this one alone, write
# to /etc/needrestart/conf.d/{0}.conf:
#   $nrconf{{override_rc}}{{qr(^{0}\.service$)}} = 0;

[Unit]
Description=Erlang release {0} {1}
# The nodes of a host share epmd: systemd's own, where there is one, does not end with one of them.
After=network-online.target epmd.socket
Wants=network-online.target epmd.socket
StartLimitIntervalSec=10
StartLimitBurst=5

[Service]
Type=notify
NotifyAccess=main
ExecStart={2}
ExecReload={4}
Restart=on-failure
KillMode=mixed
TimeoutStartSec=infinity
TimeoutStopSec={3}
LimitNOFILE=65536
UMask=0027

# What the VM does not need. It compiles code as it runs (no MemoryDenyWriteExecute).
NoNewPrivileges=true
PrivateTmp={5}
PrivateDevices=true
ProtectHome={6}
ProtectSystem=full
ProtectControlGroups=true
ProtectKernelModules=true
ProtectKernelTunables=true
ProtectKernelLogs=true
ProtectClock=true
ProtectHostname=true
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
)",
      name, escaped(release.specification.version),
      command_line(command, "startfg", release.name()), std::max<long>(seconds.count() * 2, 20),
      command_line(command, "reconfigure", release.name()),
      !needs_one_of(release, command, {"/tmp", "/var/tmp"}),
      !needs_one_of(release, command, {"/home", "/root", "/run/user"}));
}

std::vector<fs::path> initialize_release(const Places& places, const std::string& name,
                                         const std::vector<std::string>& applications) {
  if (!is_release_name(name)) {
    throw Error(fmt::format("`{}` cannot be a release's name", name))
        .with_hint("letters, digits, _ and -");
  }
  const fs::path specification = places.releases / name / "release.enit";
  const fs::path configuration = places.configurations / name / "user.config";
  for (const fs::path& file : {specification, configuration}) {
    if (is_there(file)) throw Error(file.string(), "is there already");
  }
  std::vector<std::string> names;
  for (const std::string& application : applications)
    names.push_back("        " + term::print_atom(Atom(application), true));
  sys::make_directories(specification.parent_path());
  sys::make_directories(configuration.parent_path());
  sys::write_file(configuration,
                  fmt::format("{{node, [\n    {{cookie, \"{}\"}}\n]}}.\n", random_cookie()), 0600);
  sys::write_file(
      specification,
      fmt::format(
          "{{release, {}, [\n    {{vsn, \"1.0\"}},\n    {{applications, [\n{}\n    ]}}\n]}}.\n",
          term::print_atom(Atom(name), true), fmt::join(names, ",\n")));
  return {specification, configuration};
}

}  // namespace relmk::enit
