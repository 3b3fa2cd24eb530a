// Which node is meant, how it is reached, and with which cookie: what the options, the environment
// and vm.args come to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/distribution/connection.h"
#include "start/cookie_source.h"
#include "start/node_name.h"
#include "start/vm_args.h"
#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::node {

struct TargetOptions {
  std::string node;                          // -n; empty: that of vm_args
  std::optional<start::NameType> name_type;  // of `node`; absent: long where it has a dot
  fs::path vm_args;        // --vm-args; empty: that of the release whose start script runs us
  fs::path cookie_file;    // --cookie-file
  std::string proto_dist;  // inet_tcp, inet6_tcp, inet_tls, inet6_tls; empty: that of vm.args
  fs::path ssl_dist_optfile;
  std::optional<uint16_t> port;  // of the node; absent: -erl_epmd_port, ERL_DIST_PORT, else epmd's
};

struct Target {
  NodeAddress address;
  start::FoundCookie cookie;
  std::vector<std::string> vm_flags;  // with which a VM reaches the node, too
};

// Where epmd listens: ERL_EPMD_PORT, else kEpmdPort, as OTP's erl_epmd has it.
uint16_t epmd_port(const sys::Environment& environment);

// Protocol, TLS and port of the target, and the epmd to ask: what the options say, else the node's
// arguments (`vm_args`, nullptr: not known), whose relative paths start at `root`, and the
// environment. Throws Error.
void set_reach(Target& target, const TargetOptions& options, const start::VmArgs* vm_args,
               const fs::path& root, const sys::Environment& environment);

// Throws Error.
Target find_target(const TargetOptions& options, const sys::Environment& environment);

}  // namespace relmk::node
