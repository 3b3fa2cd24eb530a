#include "start/start_environment.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "kazoo/cookie.h"
#include "kazoo/kazoo_config.h"
#include "start/cookie_source.h"
#include "start/environment_substitution.h"
#include "start/running_node.h"
#include "start/start_directory.h"
#include "start/vm_args.h"
#include "start/vm_args_template.h"

namespace relmk::start {

namespace {

const fs::path kazoo_app_config = "/etc/kazoo/app.config";

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// Where vm.args or sys.config is read from.
StartSource find_source(const ReleasePlace& release, const Environment& environment,
                        const std::string& name, const std::string& given, StartStage stage) {
  StartSource source;
  source.base = given;
  if (given.empty()) {
    source.base = release.root / name;
    if (!is_file(source.base)) source.base = release.version_directory() / name;
  }
  source.base = (release.root / source.base).lexically_normal();
  if (stage == StartStage::AfterHooks) {
    if (is_file(source.base)) source.file = source.base;
    return source;
  }
  const auto beside = [&](const char* suffix) { return fs::path(source.base.native() + suffix); };
  const bool replaces = !sys::variable(environment, "RELX_REPLACE_OS_VARS").empty();
  if (is_file(beside(".src"))) {
    source.file = beside(".src");
    source.substitute = true;
  } else if (is_file(source.base)) {
    source.file = source.base;
    source.substitute = replaces;
  }
  return source;
}

// The node type that NODE_NAME names, if the release has node types. What is none of them is no
// node of the release: to take the name in vm.args for it would be another node.
std::string node_type_of(const ReleasePlace& release, const std::string& node_name) {
  const std::vector<std::string> types = node_types(release);
  if (types.empty() || node_name.empty()) return {};
  const std::string type = kazoo::node_type(node_name);
  if (std::find(types.begin(), types.end(), type) != types.end()) return type;
  if (type == release.name) return {};
  std::string known;
  for (const std::string& other : types)
    known += (known.empty() ? "" : ", ") + other;
  throw Error(fmt::format("NODE_NAME={}: release {} {} has no node type {}", shown_word(node_name),
                          release.name, release.version, shown_word(type)))
      .with_hint("its node types are " + known);
}

// A long name that NODE_NAME gives without a host is on NODE_HOST or, on a machine whose name has
// no domain, on the loopback address.
NodeName complete_given_name(const std::string& given, NameType type,
                             const Environment& environment, bool starts) {
  if (given.find('@') != std::string::npos) return complete_node_name(given, type, environment);
  const std::string& host = sys::variable(environment, "NODE_HOST");
  if (!host.empty()) return complete_node_name(given + "@" + host, type, environment);
  const LocalHost local = local_host(resolver_files(environment));
  if (type == NameType::Short || !local.domain.empty())
    return complete_node_name(given, type, environment);
  NodeName node = complete_node_name(given + "@127.0.0.1", type, environment);
  if (starts) {
    sys::warn("", {},
              fmt::format("the host's name, {}, has no dot, which long names need: the node is {}",
                          local.host, node.text()));
  }
  return node;
}

NameType given_name_type(const Environment& environment) {
  const std::string& type = sys::variable(environment, "NODE_NAME_TYPE");
  if (type == "sname" || type == "-sname") return NameType::Short;
  if (type.empty() || type == "name" || type == "-name") return NameType::Long;
  throw Error(fmt::format("NODE_NAME_TYPE={} is neither name nor sname", type));
}

void find_name(StartEnvironment& found, const VmArgs& all, const ReleasePlace& release,
               const Environment& environment, const StartRequest& request) {
  const std::string& given = sys::variable(environment, "NODE_NAME");
  found.node_type = node_type_of(release, given);
  const bool names_all = given.find('@') != std::string::npos;
  found.name_given = !given.empty() && (!found.node_type.empty() || names_all || !all.name());
  if (found.name_given) {
    found.name_type = given_name_type(environment);
    found.node = complete_given_name(given, found.name_type, environment,
                                     request.stage != StartStage::Asking);
    return;
  }
  // A pre_start hook may make the file that names the node.
  const bool is_named_later = request.stage == StartStage::BeforeHooks && all.missing_file();
  if ((request.nameless || is_named_later) && !all.name()) {
    found.node = {release.name, "nohost"};
    return;
  }
  const VmNodeName& name = all.name_or_throw();
  found.name_type = name.long_name ? NameType::Long : NameType::Short;
  found.node = complete_node_name(name.name, found.name_type, environment);
}

void find_cookie(StartEnvironment& found, const VmArgs& all, const Environment& environment) {
  found.cookie = sys::variable(environment, "RELX_COOKIE");
  if (!found.cookie.empty()) {
    found.cookie_source = "RELX_COOKIE";
  } else if (!found.node_type.empty() && kazoo::find_kazoo_config(environment)) {
    kazoo::Cookie cookie = kazoo::read_cookie(found.node_type, std::nullopt, environment);
    found.cookie = cookie.value;
    found.cookie_source = cookie.file;
  } else if (const VmArgument* cookie = all.cookie()) {
    found.cookie = cookie->text;
    found.cookie_source = cookie->file;
  } else if (auto users = user_cookie(environment)) {
    found.cookie = users->value;
    found.cookie_source = users->source;
    found.cookie_in_home = true;
  }
}

void find_directories(StartEnvironment& found, const ReleasePlace& release,
                      const Environment& environment) {
  const fs::path version = release.version_directory();
  found.boot = version / release.name;
  if (!is_file(version / (release.name + ".boot"))) found.boot = version / "start";
  if (!found.node_type.empty()) found.boot = version / found.node_type;
  found.pipe_directory = sys::variable(environment, "PIPE_DIR");
  if (found.pipe_directory.empty()) {
    // Who can reach a pipe can type into the node's shell.
    found.pipe_base = StartDirectory(release, environment).unchanging();
    found.pipe_directory = found.pipe_base / "pipes" / found.node.text() / "";
  }
  found.log_directory = sys::variable(environment, "RUNNER_LOG_DIR");
  found.default_log_directory = found.log_directory.empty();
  if (found.default_log_directory) {
    found.log_directory = release.root / "log";
    if (!found.node_type.empty()) found.log_directory /= found.node_type;
  }
}

// VmArgs of all that tells about a node: of vm.args, the command's arguments and the environment.
VmArgs all_flags(const StartEnvironment& found) {
  std::vector<VmFlag> flags = found.flags.flags();
  flags.insert(flags.end(), found.arguments.flags.begin(), found.arguments.flags.end());
  flags.insert(flags.end(), found.cookie_flags.flags.begin(), found.cookie_flags.flags.end());
  const std::optional<VmArgsError>& missing = found.flags.missing_file();
  return VmArgs(std::move(flags), missing ? missing : found.arguments.missing_file);
}

StartEnvironment find_by_files(const ReleasePlace& release, const Environment& environment,
                               const StartRequest& request) {
  const bool asks = request.stage == StartStage::Asking;
  StartEnvironment found;
  found.vm_args = find_source(release, environment, "vm.args",
                              sys::variable(environment, "VMARGS_PATH"), request.stage);
  if (!found.vm_args.file.empty()) {
    found.vm_args_text = sys::read_file(found.vm_args.file);
    if (found.vm_args.substitute) {
      found.vm_args_text =
          fill_vm_args(found.vm_args.file.string(), found.vm_args_text, environment,
                       asks ? NeededVariables::OfIdentity : NeededVariables::All);
    }
  }
  found.flags = read_vm_args(found.vm_args.file.string(), found.vm_args_text, release.root,
                             MissingFiles::Skip);
  // A pre_start hook may make a file that the command's arguments name, too.
  const bool may_be_made = request.stage == StartStage::BeforeHooks;
  found.arguments = read_command_arguments(request.arguments, release.root,
                                           may_be_made ? MissingFiles::Skip : MissingFiles::Refuse);
  found.cookie_flags = find_cookie_flags(environment, release.root);
  const VmArgs all = all_flags(found);
  find_name(found, all, release, environment, request);
  find_cookie(found, all, environment);
  return found;
}

std::string names_of(const std::vector<RunningNode>& nodes) {
  std::string names;
  for (const RunningNode& node : nodes)
    names += (names.empty() ? "" : ", ") + node.node.text();
  return names;
}

// The one node that was started as what is asked for; of several, the one of that very name.
const RunningNode* started_as(const std::vector<RunningNode>& nodes, const std::string& asked) {
  std::vector<RunningNode> same;
  const RunningNode* found = nullptr;
  for (const RunningNode& node : nodes) {
    if (node.asked != asked) continue;
    if (node.node.text() == asked) return &node;
    same.push_back(node);
    found = &node;
  }
  if (same.size() < 2) return found;
  throw Error("several nodes that run were started in the same way: " + names_of(same))
      .with_hint("NODE_NAME can name the one that is meant");
}

// A node that runs, as its note has it.
void take_note(StartEnvironment& found, const RunningNode& node, const ReleasePlace& release,
               const Environment& environment) {
  found.node = node.node;
  found.name_type = node.name_type;
  found.is_noted = true;
  std::error_code ignored;
  if (fs::is_regular_file(node.vm_args, ignored)) {
    found.flags = read_vm_args(node.vm_args.string(), sys::read_file(node.vm_args), release.root,
                               MissingFiles::Skip);
  }
  if (!sys::variable(environment, "RELX_COOKIE").empty()) return;
  if (fs::is_regular_file(node.cookie_file, ignored)) {
    found.cookie = read_cookie_file(node.cookie_file);
    found.cookie_source = node.cookie_file.string();
    found.cookie_in_home = false;
  }
}

// Whether VMARGS_PATH names another file than the one that counts without it. Then the user means
// what is in that file, and not whatever runs.
bool has_chosen_vm_args(const ReleasePlace& release, const Environment& environment) {
  const std::string& given = sys::variable(environment, "VMARGS_PATH");
  const auto base = [&](const std::string& path) {
    return find_source(release, environment, "vm.args", path, StartStage::Asking).base;
  };
  return base(given) != base("");
}

// What a node is asked by. Where the release's files do not tell which node that is, the only one
// that runs is meant.
StartEnvironment find_to_ask(const ReleasePlace& release, const Environment& environment,
                             const StartRequest& request) {
  const std::vector<RunningNode> nodes = running_nodes(release, environment);
  StartEnvironment found;
  try {
    found = find_by_files(release, environment, request);
  } catch (const Error& error) {
    const std::string& given = sys::variable(environment, "NODE_NAME");
    const RunningNode* only = nullptr;
    for (const RunningNode& node : nodes) {
      if (given.empty() ? nodes.size() == 1 : node.node.text() == given) only = &node;
    }
    if (only == nullptr || has_chosen_vm_args(release, environment)) throw;
    if (given.empty()) found.node_type.clear();
    take_note(found, *only, release, environment);
    return found;
  }
  if (const RunningNode* node = started_as(nodes, found.node.text()))
    take_note(found, *node, release, environment);
  return found;
}

}  // namespace

std::string asked_node(const ReleasePlace& release, const Environment& environment) {
  try {
    return find_by_files(release, environment, {}).node.text();
  } catch (const Error&) {
    return {};
  }
}

std::string cannot_be_asked(const StartEnvironment& found, const Environment& environment) {
  std::string module = "erl_epmd", listens = "true";
  bool is_port_known = !sys::variable(environment, "ERL_DIST_PORT").empty();
  for (const VmArgs& flags : {found.flags, VmArgs(found.arguments.flags)}) {
    module = flags.value("-epmd_module").value_or(module);
    listens = flags.value("-dist_listen").value_or(listens);
    is_port_known = is_port_known || flags.find("-erl_epmd_port") != nullptr;
  }
  if (listens == "false")
    return Error("-dist_listen false: the node takes no connections: nobody can ask it").text();
  if (module == "erl_epmd" || is_port_known) return {};
  return Error(fmt::format("-epmd_module {}: only the node's own VM can ask that for its port",
                           shown_word(module)))
      .with_hint("set ERL_DIST_PORT to a port, for the node and for whoever asks it")
      .text();
}

std::string start_source_text(const StartSource& source, const Environment& environment) {
  if (source.file.empty()) return {};
  std::string text = sys::read_file(source.file);
  return source.substitute ? substitute_environment(text, environment) : text;
}

StartEnvironment find_start_environment(const ReleasePlace& release, const Environment& environment,
                                        const StartRequest& request) {
  StartEnvironment found = request.stage == StartStage::Asking
                               ? find_to_ask(release, environment, request)
                               : find_by_files(release, environment, request);
  std::string config = sys::variable(environment, "RELX_CONFIG_PATH");
  if (config.empty() && !found.node_type.empty() && is_file(kazoo_app_config))
    config = kazoo_app_config;
  found.sys_config = find_source(release, environment, "sys.config", config, request.stage);
  find_directories(found, release, environment);
  return found;
}

}  // namespace relmk::start
