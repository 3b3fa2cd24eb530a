#include "start/shell_assignments.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "start/running_node.h"
#include "sys/error.h"

namespace relmk::start {

namespace {

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

std::string quoted_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words)
    out += (out.empty() ? "" : " ") + quoted(word);
  return out;
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
  const std::string port = sys::variable(environment, "ERL_DIST_PORT");
  if (port.empty()) return {};
  if (port.find_first_not_of("0123456789") != std::string::npos)
    throw Error(fmt::format("ERL_DIST_PORT is not a number: {}", port));
  std::string arguments = "-erl_epmd_port " + port;
  if (found.flags.find("-start_epmd") == nullptr) arguments += " -start_epmd false";
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
    constexpr std::array kNames = {"-proto_dist", "-start_epmd", "-epmd_module",
                                   "-ssl_dist_optfile", "-ssl_dist_opt"};
    if (std::find(kNames.begin(), kNames.end(), flag.name.text) == kNames.end()) continue;
    const auto& values = flag.values;
    if (values.empty() || std::any_of(values.begin(), values.end(), splits_in_shell)) continue;
    std::string words = flag.name.text;
    for (const VmArgument& value : values)
      words += " " + value.text;
    flags += (flags.empty() ? "" : " ") + words;
  }
  return flags;
}

// RELMK_GIVEN_VMARGS is VMARGS_PATH as it was before hooks: who asks later has not their choice.
void note_start(const ReleasePlace& release, const Environment& environment, int pid,
                const StartEnvironment& found, const StartFiles& files) {
  Environment given = environment;
  if (const auto before = environment.find("RELMK_GIVEN_VMARGS"); before != environment.end())
    given["VMARGS_PATH"] = before->second;
  RunningNode node;
  node.node = found.node;
  node.name_type = found.name_type;
  node.asked = asked_node(release, given);
  node.vm_args = files.vm_args;
  if (!files.home.empty()) node.cookie_file = files.home / ".erlang.cookie";
  node.pid = pid;
  note_running_node(release, environment, node);
}

}  // namespace

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
  shell.set("PIPE_BASE_DIR", found.pipe_base.string());
  shell.set("RUNNER_LOG_DIR", (files ? files->log_directory : found.log_directory).string());
  shell.set("DIST_ARGS", distribution_flags(found.flags));
  shell.set("EXTRA_DIST_ARGS", port_arguments(found, environment));
  shell.set("START_BOOT", found.boot.string());
  shell.set("START_HOME", files ? files->home.string() : "");
  shell.set("START_VM_ARGS", files ? files->vm_args.string() : "");
  shell.set("START_CONFIG", files ? files->sys_config.string() : "");
  shell.set("START_ARGUMENTS", quoted_words(found.arguments.words));
  shell.set("CANNOT_ASK", cannot_be_asked(found, environment));
  for (const auto& [variable, text] : found.cookie_flags.changes)
    shell.set_exported(variable, text);
  return shell.text();
}

std::string start_environment_script(const Environment& environment, const ScriptRequest& request) {
  const std::optional<ReleasePlace> release = release_of_environment(environment);
  if (!release)
    throw Error("RELEASE_ROOT_DIR, RELEASE_NAME and RELEASE_VSN must be set")
        .with_hint("it is the start script of a release that asks for its environment");
  const StartStage stage = request.start.stage;
  try {
    StartEnvironment found = find_start_environment(*release, environment, request.start);
    std::optional<StartFiles> files;
    if (stage == StartStage::BeforeHooks) write_substituted_files(*release, environment, found);
    if (stage == StartStage::Starting || stage == StartStage::AfterHooks)
      files = write_start_files(*release, environment, found);
    if (files && request.pid > 0 && !request.start.nameless)
      note_start(*release, environment, request.pid, found, *files);
    return shell_assignments(found, files, environment);
  } catch (const VmArgsError& error) {
    return fmt::format("printf '%s\\n' {}\nexit {}\n", quoted(error.message()),
                       static_cast<int>(error.code()));
  }
}

}  // namespace relmk::start
