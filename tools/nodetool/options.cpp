#include "nodetool/options.h"

namespace relmk::nodetool {
namespace {

// More than that no clock can count.
constexpr sys::OptionRules::Range kSeconds{0.0, 1e9};

}  // namespace

node::UpgradeOptions upgrade_options(const Options& options) {
  node::UpgradeOptions upgrade = options.upgrade;
  upgrade.permanent = !options.temporary;
  upgrade.within = Request::time(options.within);
  upgrade.process = Request::time(options.process_limit);
  upgrade.code_change = Request::time(options.code_change_limit);
  upgrade.wait = Request::time(options.upgrade_wait);
  return upgrade;
}

void add_options(sys::CommandLine& line, Options& options) {
  node::TargetOptions& target = options.target;
  line.option("-n,--node", target.node, "the node, NAME@HOST or NAME");
  line.option("--name-type",
              [&target](const std::string& type) {
                target.name_type = type == "name" ? start::NameType::Long : start::NameType::Short;
              },
              "name or sname: what -n is; name where it has a dot", {.choices = {"name", "sname"}});
  line.option("--vm-args", target.vm_args, "the node's vm.args: name, cookie, protocol");
  line.option("--cookie-file", target.cookie_file, "a file that holds the cookie");
  line.option("--proto-dist", target.proto_dist, "inet_tcp, inet6_tcp, inet_tls or inet6_tls");
  line.option("--ssl-dist-optfile", target.ssl_dist_optfile,
              "the TLS options of -proto_dist inet_tls");
  line.option("--dist-port", target.port, "the node's port; epmd is not asked");
  line.option("--timeout", options.timeout, "seconds the node may take to answer",
              {.range = kSeconds});
}

void add_ping(sys::CommandLine& line, Options& options) {
  line.option("--wait", options.wait, "seconds to wait until it does", {.range = kSeconds});
}

void add_work(sys::CommandLine& line, Options& options) {
  line.flag("--keep-output", options.work.keep_output, "what is printed goes to the node's output");
  line.flag("--keep-running", options.work.keep_running, "it goes on when nodetool ends before it");
  line.rest(options.words);
}

void add_patience(sys::CommandLine& line, Options& options) {
  line.option("--wait", options.patience, "seconds it may take",
              {.shows_default = true, .range = kSeconds});
}

void add_version(sys::CommandLine& line, Options& options) {
  line.option("VERSION", options.version, "a version of the release", {.is_required = true});
}

void add_limits(sys::CommandLine& line, Options& options) {
  add_version(line, options);
  line.option("--process-limit", options.process_limit,
              "seconds that a process has to answer a check",
              {.shows_default = true, .range = kSeconds});
  line.option("--wait", options.upgrade_wait, "seconds for all of it, and for a node to be back",
              {.shows_default = true, .range = kSeconds});
}

void add_installation(sys::CommandLine& line, Options& options) {
  add_limits(line, options);
  line.flag("--no-permanent", options.temporary, "does not start it after a restart");
  line.option("--verify", options.upgrade.verify,
              "goes back to the old version unless this command of sh ends with 0",
              {.excludes = "--no-permanent"});
  line.option("--within", options.within, "seconds that this command has",
              {.shows_default = true, .range = kSeconds});
  line.option("--code-change-limit", options.code_change_limit,
              "seconds that a process has to change its state",
              {.shows_default = true, .range = kSeconds});
}

void add_stage(sys::CommandLine& line, Options& options) {
  start::ScriptRequest& script = options.script;
  const auto add = [&](const char* flag, start::StartStage stage, const char* about) {
    line.flag(
        flag, [&script, stage] { script.start.stage = stage; }, about);
  };
  add("--start", start::StartStage::Starting, "also writes the files that the VM starts with");
  add("--before-hooks", start::StartStage::BeforeHooks,
      "also writes vm.args and sys.config with their variables replaced");
  add("--after-hooks", start::StartStage::AfterHooks,
      "as --start, with vm.args and sys.config as they are");
  line.flag(
      "--nameless",
      [&script] {
        script.start.stage = start::StartStage::Starting;
        script.start.nameless = true;
      },
      "as --start, for a VM that need not be a node");
  line.option("--pid", script.pid, "the process that becomes the VM");
  line.footer("What follows the word `arguments` are those of the command that starts it.");
  line.rest(options.words);
}

}  // namespace relmk::nodetool
