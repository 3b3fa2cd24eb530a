#include "nodetool/options.h"

namespace relmk::nodetool {
namespace {

// More than that no clock can count.
const CLI::Range kSeconds(0.0, 1e9);

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

void add_options(CLI::App& app, Options& options) {
  node::TargetOptions& target = options.target;
  app.add_option("-n,--node", target.node, "the node, NAME@HOST or NAME");
  app.add_option_function<std::string>(
         "--name-type",
         [&target](const std::string& type) {
           target.name_type = type == "name" ? start::NameType::Long : start::NameType::Short;
         },
         "name or sname: what -n is; name where it has a dot")
      ->check(CLI::IsMember({"name", "sname"}));
  app.add_option("--vm-args", target.vm_args, "the node's vm.args: name, cookie, protocol");
  app.add_option("--cookie-file", target.cookie_file, "a file that holds the cookie");
  app.add_option("--proto-dist", target.proto_dist, "inet_tcp, inet6_tcp, inet_tls or inet6_tls");
  app.add_option("--ssl-dist-optfile", target.ssl_dist_optfile,
                 "the TLS options of -proto_dist inet_tls");
  app.add_option("--dist-port", target.port, "the node's port; epmd is not asked");
  app.add_option("--timeout", options.timeout, "seconds the node may take to answer")
      ->check(kSeconds);
}

void add_ping(CLI::App& app, Options& options) {
  app.add_option("--wait", options.wait, "seconds to wait until it does")->check(kSeconds);
}

void add_work(CLI::App& app, Options& options) {
  app.add_flag("--keep-output", options.work.keep_output,
               "what is printed goes to the node's output");
  app.add_flag("--keep-running", options.work.keep_running,
               "it goes on when nodetool ends before it");
  app.prefix_command();
}

void add_patience(CLI::App& app, Options& options) {
  app.add_option("--wait", options.patience, "seconds it may take")
      ->capture_default_str()
      ->check(kSeconds);
}

void add_version(CLI::App& app, Options& options) {
  app.add_option("VERSION", options.version, "a version of the release")->required();
}

void add_limits(CLI::App& app, Options& options) {
  add_version(app, options);
  app.add_option("--process-limit", options.process_limit,
                 "seconds that a process has to answer a check")
      ->capture_default_str()
      ->check(kSeconds);
  app.add_option("--wait", options.upgrade_wait, "seconds for all of it, and for a node to be back")
      ->capture_default_str()
      ->check(kSeconds);
}

void add_installation(CLI::App& app, Options& options) {
  add_limits(app, options);
  app.add_flag("--no-permanent", options.temporary, "does not start it after a restart");
  app.add_option("--verify", options.upgrade.verify,
                 "goes back to the old version unless this command of sh ends with 0")
      ->excludes("--no-permanent");
  app.add_option("--within", options.within, "seconds that this command has")
      ->capture_default_str()
      ->check(kSeconds);
  app.add_option("--code-change-limit", options.code_change_limit,
                 "seconds that a process has to change its state")
      ->capture_default_str()
      ->check(kSeconds);
}

void add_stage(CLI::App& app, Options& options) {
  start::ScriptRequest& script = options.script;
  const auto add = [&](const char* flag, start::StartStage stage, const char* about) {
    app.add_flag_callback(
        flag, [&script, stage] { script.start.stage = stage; }, about);
  };
  add("--start", start::StartStage::Starting, "also writes the files that the VM starts with");
  add("--before-hooks", start::StartStage::BeforeHooks,
      "also writes vm.args and sys.config with their variables replaced");
  add("--after-hooks", start::StartStage::AfterHooks,
      "as --start, with vm.args and sys.config as they are");
  app.add_flag_callback(
      "--nameless",
      [&script] {
        script.start.stage = start::StartStage::Starting;
        script.start.nameless = true;
      },
      "as --start, for a VM that need not be a node");
  app.add_option("--pid", script.pid, "the process that becomes the VM");
  app.footer("What follows the word `arguments` are those of the command that starts it.");
  app.prefix_command();
}

}  // namespace relmk::nodetool
