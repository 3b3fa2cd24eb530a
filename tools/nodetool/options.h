// What nodetool can be told on its command line.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "node/session/call_arguments.h"
#include "node/session/guardian.h"
#include "node/session/target.h"
#include "node/upgrade/release_commands.h"
#include "start/shell_assignments.h"
#include "sys/command_line.h"
#include "sys/environment.h"

namespace relmk::nodetool {

struct Options {
  node::TargetOptions target;
  std::optional<double> timeout;  // seconds
  double wait = 0;                // seconds: ping
  double patience = 60;           // seconds: stop, restart
  bool quiet = false;             // stop
  node::WorkOptions work;         // rpc, rpcterms, eval
  bool json = false;              // status
  std::string version;            // install, …
  std::string directory;          // finish
  std::string file;               // variables
  node::UpgradeOptions upgrade;   // install
  double within = 60, process_limit = 5, code_change_limit = 60, upgrade_wait = 300;  // seconds
  bool temporary = false;                                                             // install
  bool by_vm = false;              // remote_console
  start::ScriptRequest script;     // env
  std::vector<std::string> words;  // rpc, rpcterms, eval, elixir, env
};

// The options with the environment: what a command is done with.
struct Request {
  const Options& options;
  const sys::Environment environment;

  static std::chrono::milliseconds time(double seconds) {
    return std::chrono::milliseconds(seconds > 0 ? static_cast<long>(seconds * 1000) : 0);
  }
  std::chrono::milliseconds timeout() const {
    const std::chrono::milliseconds said = node::rpc_timeout(environment);
    return options.timeout ? time(*options.timeout) : said;
  }
  std::chrono::milliseconds patience() const { return time(options.patience); }
  node::Target target() const { return node::find_target(options.target, environment); }
};

node::UpgradeOptions upgrade_options(const Options& options);

// Of all commands.
void add_options(sys::CommandLine& line, Options& options);

// Of some.
void add_installation(sys::CommandLine& line, Options& options);
void add_limits(sys::CommandLine& line, Options& options);
void add_patience(sys::CommandLine& line, Options& options);
void add_ping(sys::CommandLine& line, Options& options);
void add_stage(sys::CommandLine& line, Options& options);
void add_version(sys::CommandLine& line, Options& options);
void add_work(sys::CommandLine& line, Options& options);

}  // namespace relmk::nodetool
