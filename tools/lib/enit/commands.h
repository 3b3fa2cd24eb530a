// The commands of `enit`: what each does with what the command line says. They print to standard
// output, return the exit code, and throw Error (node::NodeError among them).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "enit/boot.h"
#include "sys/environment.h"

namespace relmk::enit {

// The options and arguments of all commands; behind those of few, whose.
struct CommandOptions {
  std::string release_directory;
  std::string config_directory;
  std::string release;
  std::string application;  // config
  bool match = false;
  bool syslog = false;
  bool json = false;
  bool terms = false;  // config
  bool cookie = false;
  double timeout = 5;  // seconds a node may take to answer
  double wait = 60;    // seconds: start, reconfigure, update
  std::string start_retries;
  std::optional<double> start_delay;  // seconds
  std::string log_directory;
  std::string host = "127.0.0.1";         // traceip
  uint16_t port = 0;                      // traceip
  std::string source;                     // tracefile: file
  bool follow = false;                    // tracefile
  bool names = false;                     // list
  std::vector<std::string> applications;  // init
  std::string shell = "bash";             // completion
  bool dry_run = false;
  bool keep = false;             // reconfigure
  bool back = false;             // update
  double callback_timeout = 30;  // seconds: reconfigure, update
};

// What a command is run with.
struct CommandRequest {
  const CommandOptions& options;
  Environment environment;
};

// Of the release's files.
int check_release(const CommandRequest& request);
int print_configuration(const CommandRequest& request);
int print_unit(const CommandRequest& request);
int initialize(const CommandRequest& request);

// Of its node.
int start_in_foreground(const CommandRequest& request);  // does not return but by an Error
int start_in_background(const CommandRequest& request);
int stop_node(const CommandRequest& request);
int print_status(const CommandRequest& request);
int print_list(const CommandRequest& request);
int reconfigure_node(const CommandRequest& request);
int update_node(const CommandRequest& request);
int run_shell(const CommandRequest& request);

// They print traces. Where the terminal is slow, they wait for it, and lose nothing.
int print_trace_of_port(const CommandRequest& request);
int print_trace_of_file(const CommandRequest& request);

// How often a start is tried, and the like: as the command line says, else as {node, […]} says,
// else as the command does by itself (`by_itself`).
StartOptions start_options(const CommandOptions& options, const NodeSettings& node,
                           NodeSettings::Retries by_itself);

// The words of `EXECUTABLE startfg` that start the same node, wherever they are run.
std::vector<std::string> foreground_command(const std::string& executable,
                                            const CommandOptions& options,
                                            const std::string& release, const StartOptions& start);

}  // namespace relmk::enit
