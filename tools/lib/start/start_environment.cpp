#include "start/start_environment.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "kazoo/cookie.h"
#include "kazoo/kazoo_config.h"
#include "start/environment_substitution.h"
#include "start/vm_args.h"

namespace relmk::start {

namespace {

const fs::path kazoo_app_config = "/etc/kazoo/app.config";

std::string value_of(const Environment& environment, const std::string& name) {
  auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

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
  const bool replaces = !value_of(environment, "RELX_REPLACE_OS_VARS").empty();
  if (is_file(beside(".src"))) {
    source.file = beside(".src");
    source.substitute = true;
  } else if (is_file(beside(".orig"))) {
    source.file = beside(".orig");
    source.substitute = replaces;
  } else if (is_file(source.base)) {
    source.file = source.base;
    source.substitute = replaces;
  }
  return source;
}

// The node type that NODE_NAME names, when the release has one of that name.
std::string node_type_of(const ReleasePlace& release, const std::string& node_name) {
  std::string type = kazoo::node_type(node_name);
  const std::array others = {std::string(), release.name, std::string("start"),
                             std::string("start_clean"), std::string("no_dot_erlang")};
  if (std::find(others.begin(), others.end(), type) != others.end()) return {};
  if (type.find('/') != std::string::npos) return {};
  return is_file(release.version_directory() / (type + ".boot")) ? type : std::string();
}

// A long name that NODE_NAME gives without a host, on a machine whose name has no domain, is on the
// loopback address, as for `make release`.
NodeName complete_given_name(const std::string& given, NameType type) {
  if (type == NameType::Long && given.find('@') == std::string::npos && local_host().domain.empty())
    return complete_node_name(given + "@127.0.0.1", type);
  return complete_node_name(given, type);
}

void find_name(StartEnvironment& found, const VmArgs& vm_args, const Environment& environment) {
  const std::string given = value_of(environment, "NODE_NAME");
  found.name_given = !given.empty() && (!found.node_type.empty() || !vm_args.name());
  if (!found.name_given) {
    const VmNodeName& name = vm_args.name_or_throw();
    found.name_type = name.long_name ? NameType::Long : NameType::Short;
    found.node = complete_node_name(name.name, found.name_type);
    return;
  }
  const std::string type = value_of(environment, "NODE_NAME_TYPE");
  if (type == "sname" || type == "-sname") {
    found.name_type = NameType::Short;
  } else if (type.empty() || type == "name" || type == "-name") {
    found.name_type = NameType::Long;
  } else {
    throw Error(fmt::format("NODE_NAME_TYPE is neither name nor sname: {}", type));
  }
  found.node = complete_given_name(given, found.name_type);
}

// A cookie file as the VM reads one: up to the end of its line.
std::string cookie_of_file(const fs::path& file) {
  std::string cookie = sys::read_file(file);
  return cookie.substr(0, cookie.find_first_of("\r\n"));
}

void find_cookie_at_home(StartEnvironment& found, const Environment& environment) {
  const std::string home = value_of(environment, "HOME");
  fs::path config = value_of(environment, "XDG_CONFIG_HOME");
  if (config.empty() && !home.empty()) config = fs::path(home) / ".config";
  for (const fs::path& file : {home.empty() ? fs::path() : fs::path(home) / ".erlang.cookie",
                               config.empty() ? fs::path() : config / "erlang/.erlang.cookie"}) {
    if (!is_file(file) || ::access(file.c_str(), R_OK) != 0) continue;
    found.cookie = cookie_of_file(file);
    found.cookie_source = file.string();
    found.cookie_in_home = true;
    return;
  }
}

void find_cookie(StartEnvironment& found, const VmArgs& vm_args, const Environment& environment) {
  found.cookie = value_of(environment, "RELX_COOKIE");
  if (!found.cookie.empty()) {
    found.cookie_source = "RELX_COOKIE";
  } else if (!found.node_type.empty() && kazoo::find_kazoo_config()) {
    kazoo::Cookie cookie = kazoo::read_cookie(found.node_type, std::nullopt);
    found.cookie = cookie.value;
    found.cookie_source = cookie.file;
  } else if (const VmArgument* cookie = vm_args.cookie()) {
    found.cookie = cookie->text;
    found.cookie_source = cookie->file;
  } else {
    find_cookie_at_home(found, environment);
  }
}

void find_directories(StartEnvironment& found, const ReleasePlace& release,
                      const Environment& environment) {
  const fs::path version = release.version_directory();
  found.boot = version / release.name;
  if (!is_file(version / (release.name + ".boot"))) found.boot = version / "start";
  if (!found.node_type.empty()) found.boot = version / found.node_type;
  found.pipe_directory = value_of(environment, "PIPE_DIR");
  found.default_pipe_directory = found.pipe_directory.empty();
  if (found.default_pipe_directory)
    found.pipe_directory = fs::path("/tmp/erl_pipes") / found.node.text() / "";
  found.log_directory = value_of(environment, "RUNNER_LOG_DIR");
  found.default_log_directory = found.log_directory.empty();
  if (found.default_log_directory) {
    found.log_directory = release.root / "log";
    if (!found.node_type.empty()) found.log_directory /= found.node_type;
  }
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

class Assignments {
 public:
  void set(const std::string& name, const std::string& value) {
    text_ += name + "=" + quoted(value) + "\n";
  }
  void set_exported(const std::string& name, const std::string& value) {
    set(name, value);
    text_ += "export " + name + "\n";
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Where the node listens, when it does so on a port of the user's choice: it has no epmd then,
// unless vm.args says so.
std::string port_arguments(const StartEnvironment& found, const Environment& environment) {
  const std::string port = value_of(environment, "ERL_DIST_PORT");
  if (port.empty()) return {};
  if (port.find_first_not_of("0123456789") != std::string::npos)
    throw Error(fmt::format("ERL_DIST_PORT is not a number: {}", port));
  std::string arguments = "-erl_epmd_port " + port;
  if (!found.says_start_epmd) arguments += " -start_epmd false";
  return arguments;
}

// Unquoted, it is no word to a shell, or another.
bool splits_in_shell(const VmArgument& word) {
  return word.text.find_first_of(" \t\n*?[") != std::string::npos;
}

// The flags of vm.args without which another VM cannot reach the node.
std::string distribution_flags(const VmArgs& vm_args) {
  std::string flags;
  for (const VmFlag& flag : vm_args.flags()) {
    constexpr std::array names = {"-proto_dist", "-start_epmd", "-epmd_module", "-ssl_dist_optfile",
                                  "-ssl_dist_opt"};
    if (std::find(names.begin(), names.end(), flag.name.text) == names.end()) continue;
    const auto& values = flag.values;
    if (values.empty() || std::any_of(values.begin(), values.end(), splits_in_shell)) continue;
    std::string words = flag.name.text;
    for (const VmArgument& value : values)
      words += " " + value.text;
    flags += (flags.empty() ? "" : " ") + words;
  }
  return flags;
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string::npos)
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

std::optional<ReleasePlace> release_of_environment(const Environment& environment) {
  ReleasePlace release{value_of(environment, "RELEASE_ROOT_DIR"),
                       value_of(environment, "RELEASE_NAME"), value_of(environment, "RELEASE_VSN")};
  if (release.root.empty() || release.name.empty() || release.version.empty()) return std::nullopt;
  return release;
}

std::string start_source_text(const StartSource& source, const Environment& environment) {
  if (source.file.empty()) return {};
  std::string text = sys::read_file(source.file);
  return source.substitute ? substitute_environment(text, environment) : text;
}

StartEnvironment find_start_environment(const ReleasePlace& release, const Environment& environment,
                                        StartStage stage) {
  StartEnvironment found;
  found.vm_args =
      find_source(release, environment, "vm.args", value_of(environment, "VMARGS_PATH"), stage);
  found.vm_args_text = start_source_text(found.vm_args, environment);
  const VmArgs vm_args = read_vm_args(found.vm_args.file.string(), found.vm_args_text, release.root,
                                      MissingFiles::Skip);
  found.distribution_flags = distribution_flags(vm_args);
  found.says_start_epmd = vm_args.find("-start_epmd") != nullptr;
  found.node_type = node_type_of(release, value_of(environment, "NODE_NAME"));
  find_name(found, vm_args, environment);
  found.cookie_flags = find_cookie_flags(environment, release.root);
  std::vector<VmFlag> flags = vm_args.flags();
  flags.insert(flags.end(), found.cookie_flags.flags.begin(), found.cookie_flags.flags.end());
  find_cookie(found, VmArgs(std::move(flags)), environment);
  std::string config = value_of(environment, "RELX_CONFIG_PATH");
  if (config.empty() && !found.node_type.empty() && is_file(kazoo_app_config))
    config = kazoo_app_config;
  found.sys_config = find_source(release, environment, "sys.config", config, stage);
  find_directories(found, release, environment);
  return found;
}

std::string shell_assignments(const StartEnvironment& found, const std::optional<StartFiles>& files,
                              const Environment& environment) {
  Assignments shell;
  shell.set("NAME", found.node.text());
  shell.set("NAME_TYPE", found.name_type == NameType::Long ? "-name" : "-sname");
  shell.set("NAME_ARG",
            (found.name_type == NameType::Long ? "-name " : "-sname ") + found.node.text());
  shell.set("NAME_ARGUMENT", found.name_given ? found.node.text() : "");
  shell.set("RELX_HOSTNAME", found.node.host);
  shell.set("COOKIE", found.cookie);
  shell.set("COOKIE_SOURCE", found.cookie_source);
  shell.set("VMARGS_PATH", found.vm_args.base.string());
  shell.set("RELX_CONFIG_PATH", found.sys_config.base.string());
  shell.set("PIPE_DIR", found.pipe_directory.string());
  shell.set("PIPE_BASE_DIR", found.default_pipe_directory ? "/tmp/erl_pipes" : "");
  shell.set("RUNNER_LOG_DIR", (files ? files->log_directory : found.log_directory).string());
  shell.set("DIST_ARGS", found.distribution_flags);
  shell.set("EXTRA_DIST_ARGS", port_arguments(found, environment));
  shell.set("START_BOOT", found.boot.string());
  shell.set("START_HOME", files ? files->home.string() : "");
  shell.set("START_VM_ARGS", files ? files->vm_args.string() : "");
  shell.set("START_CONFIG", files ? files->sys_config.string() : "");
  for (const auto& [variable, text] : found.cookie_flags.changes)
    shell.set_exported(variable, text);
  return shell.text();
}

std::string start_environment_script(const Environment& environment, StartStage stage) {
  std::optional<ReleasePlace> release = release_of_environment(environment);
  if (!release)
    throw Error("RELEASE_ROOT_DIR, RELEASE_NAME and RELEASE_VSN must be set")
        .with_hint("it is the start script of a release that asks for its environment");
  try {
    StartEnvironment found = find_start_environment(*release, environment, stage);
    std::optional<StartFiles> files;
    if (stage == StartStage::BeforeHooks) write_substituted_files(*release, environment, found);
    if (stage == StartStage::Starting || stage == StartStage::AfterHooks)
      files = write_start_files(*release, environment, found);
    return shell_assignments(found, files, environment);
  } catch (const VmArgsError& error) {
    return fmt::format("printf '%s\\n' {}\nexit {}\n", quoted(error.message()),
                       static_cast<int>(error.code()));
  }
}

}  // namespace relmk::start
