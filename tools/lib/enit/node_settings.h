// The section {node, […]} of a configuration: how the release's node is run.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enit/configuration.h"
#include "node/session/target.h"
#include "sys/environment.h"

namespace relmk::enit {

using sys::Environment;

struct NodeSettings {
  std::string cookie;                   // empty: there is none
  std::optional<start::NodeName> name;  // absent where the one given cannot be a node's
  bool long_name = false;               // -name: its host has a dot
  std::string run_as_user;              // empty: who starts it
  std::string run_as_group;             // empty: that of run_as_user
  bool one_scheduler = false;           // {smp, disable}
  bool connect_all = true;
  bool hidden = false;
  std::vector<std::string> vm_args;  // further arguments of the emulator
  std::chrono::milliseconds stop_timeout{10000};
  struct Retries {
    std::optional<int64_t> count;  // absent: without end
  };
  std::optional<Retries> start_retries;  // absent: the command's own
  std::optional<std::chrono::milliseconds> start_delay;
};

// What {node, […]} says; the node is NAME@HOST of this machine unless it says otherwise (the
// environment may name the host, see start/node_name.h). What is wrong is added to the faults.
NodeSettings node_settings(const std::string& release, const Configuration& configuration,
                           const Environment& environment, Faults& faults);

// The keys that it may have.
const std::vector<std::string_view>& node_keys();

// A number, or `infinity` or `unlimited`; nullopt for anything else.
std::optional<NodeSettings::Retries> retries(const std::string& text);

// How the node is reached from here; the environment says where epmd listens. Throws Error where it
// has no cookie or no name.
node::Target target_of(const std::string& release, const NodeSettings& node,
                       const Configuration& configuration, const Environment& environment);

}  // namespace relmk::enit
