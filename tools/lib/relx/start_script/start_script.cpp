#include "relx/start_script/start_script.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "otp/application/print_line.h"
#include "relx/start_script/script_parts.h"
#include "start/vm_args.h"
#include "sys/error.h"

namespace relmk::relx {

namespace {

// The texts are the files in start_script/, made into string literals by Meson.
const std::string extended_text =
#include "relx/extended.sh.inc"
    ;
const std::string plain_text =
#include "relx/plain.sh.inc"
    ;
const std::string without_nodetool_text =
#include "relx/without_nodetool.sh.inc"
    ;

// What stands for `# @MARK@` in them.
const std::vector<ScriptPart> script_parts = {
    {
        "# @ASK_NODE@",
#include "relx/ask_node.sh.inc"
    },
    {
        "# @ARGUMENTS@",
#include "relx/arguments.sh.inc"
    },
    {
        "# @HOOKS@",
#include "relx/hooks.sh.inc"
    },
    {
        "# @START_VM@",
#include "relx/start_vm.sh.inc"
    },
    {
        "# @DAEMON@",
#include "relx/daemon.sh.inc"
    },
    {
        "# @RUNNING_NODE@",
#include "relx/running_node.sh.inc"
    },
    {
        "# @USAGE@",
#include "relx/usage.sh.inc"
    },
    {
        "# @PERMANENT_VERSION@",
#include "relx/permanent_version.sh.inc"
    },
    {
        "# @FIND_ERTS@",
#include "relx/find_erts.sh.inc"
    },
    {
        "# @PRIVATE_HOME@",
#include "relx/private_home.sh.inc"
    },
};

constexpr unsigned kExecutable = 0755;
constexpr unsigned kReadable = 0644;

// What stands between single quotes in the script.
std::string in_single_quotes(std::string text) {
  replace_all(text, "'", "'\\''");
  return text;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// What stands between double quotes: hooks may name variables, as relx's built-in pid hook does.
// Any other use of `$` is text: no command is run, `$(…)`, nor an expression looked at, `${…:…}`.
std::string in_double_quotes(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '$') {
      size_t end = i + 1;
      const bool braced = end < text.size() && text[end] == '{';
      if (braced) ++end;
      const size_t name = end;
      while (end < text.size() && is_name_character(text[end]))
        ++end;
      const bool is_variable = end > name && (!braced || (end < text.size() && text[end] == '}'));
      if (!is_variable) out += '\\';
    }
    if (c == '"' || c == '`' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

struct BuiltinHook {
  const char* name;
  const char* text;
};

constexpr BuiltinHook kBuiltinPid = {"pid", R"sh(#!/bin/sh
# Waits until the node answers, then writes the id of its OS process to file $1.
await_for_hook 'node that answers' relx_nodetool ping
relx_get_pid >"$1"
)sh"};

constexpr BuiltinHook kBuiltinWaitForVmStart = {"wait_for_vm_start", R"sh(#!/bin/sh
# Waits until the node answers.
await_for_hook 'node that answers' relx_nodetool ping
)sh"};

constexpr BuiltinHook kBuiltinWaitForProcess = {"wait_for_process", R"sh(#!/bin/sh
# Waits until the node answers and a process is registered as $1.
await_for_hook 'node that answers' relx_nodetool ping
relmk_is_registered() { [ "$(erl_eval "is_pid(whereis($1)).")" = true ]; }
await_for_hook "process $1" relmk_is_registered "$1"
)sh"};

constexpr BuiltinHook kBuiltinStatus = {"status", R"sh(#!/bin/sh
# Lists the applications that run.
erl_eval 'application:which_applications().'
)sh"};

// A hook as the script runs it: its path below bin/, then arguments, parted by `|`.
struct Hook {
  std::string invocation;
  std::optional<BuiltinHook> builtin;
};

Hook run_builtin(const BuiltinHook& hook, const std::string& argument = {}) {
  std::string invocation = fmt::format("hooks/builtin/{}", hook.name);
  if (!argument.empty()) invocation += "|" + argument;
  return {invocation, hook};
}

// Absent: no hook that relx knows, or one that `phase` does not allow.
std::optional<Hook> hook_of_term(const std::string& phase, const Term& term) {
  if (term.is_tagged("custom", 2) && term[1].is_string()) return Hook{term[1].to_utf8(), {}};
  const bool is_status = phase == "status";
  if (is_status || phase == "post_start") {
    if (term.is_atom("pid")) return run_builtin(kBuiltinPid, "/var/run/$REL_NAME.pid");
    if (term.is_tagged("pid", 2) && term[1].is_string())
      return run_builtin(kBuiltinPid, term[1].to_utf8());
    if (term.is_atom("wait_for_vm_start")) return run_builtin(kBuiltinWaitForVmStart);
    if (term.is_tagged("wait_for_process", 2) && term[1].is_atom())
      return run_builtin(kBuiltinWaitForProcess, otp::print_line(term[1]));
  }
  if (is_status && term.is_atom("builtin_status")) return run_builtin(kBuiltinStatus);
  return std::nullopt;
}

void add_builtin_hook(std::vector<StartScriptFile>& files, const BuiltinHook& hook) {
  std::string path = fmt::format("bin/hooks/builtin/{}", hook.name);
  for (const StartScriptFile& file : files)
    if (file.path == path) return;
  files.push_back({path, hook.text, kExecutable});
}

// The script's list of the hooks of a phase, one a line.
std::string hooks_of_phase(const StartScript& script, const std::string& phase,
                           const std::string& config_file, std::vector<StartScriptFile>& files) {
  std::string list;
  for (const auto& [name, terms] : script.hooks) {
    if (name.text() != phase) continue;
    for (const Term& term : terms) {
      std::optional<Hook> hook = hook_of_term(phase, term);
      if (!hook) {
        warn(config_file, term.position(),
             fmt::format("{} hook is not allowed in the {} phase, ignoring it",
                         otp::print_line(term), phase));
        continue;
      }
      if (hook->builtin) add_builtin_hook(files, *hook->builtin);
      list += (list.empty() ? "" : "\n") + in_double_quotes(hook->invocation);
    }
  }
  return list;
}

std::string extension_cases(const StartScript& script) {
  std::string cases;
  for (const auto& [name, path] : script.extensions)
    cases += fmt::format("  '{}') EXTENSION_SCRIPT='{}' ;;\n", in_single_quotes(name.text()),
                         in_single_quotes(path));
  return cases;
}

std::string extension_names(const StartScript& script) {
  std::string names;
  for (const auto& [name, path] : script.extensions)
    names += (names.empty() ? "" : "|") + name.text();
  return names;
}

// The names of each command.
const std::vector<std::vector<std::string>> all_commands = {
    {"attach", "daemon_attach"},
    {"check"},
    {"commit"},
    {"console"},
    {"console_boot"},
    {"console_clean"},
    {"daemon", "start"},
    {"daemon_boot"},
    {"downgrade"},
    {"escript"},
    {"eval"},
    {"foreground"},
    {"install"},
    {"pid"},
    {"ping"},
    {"reboot"},
    {"remote_console", "remote", "remsh"},
    {"restart"},
    {"rpc"},
    {"rpcterms"},
    {"status"},
    {"stop"},
    {"uninstall"},
    {"unpack"},
    {"upgrade"},
    {"versions"},
};

// The names of the commands that are offered, with spaces between them.
std::string command_names(const StartScript& script, const std::string& config_file) {
  std::string names;
  for (const Atom command : script.commands) {
    const auto found = std::find_if(
        all_commands.begin(), all_commands.end(), [&](const std::vector<std::string>& same) {
          return std::find(same.begin(), same.end(), command.text()) != same.end();
        });
    if (found == all_commands.end()) {
      throw Error(
          config_file, script.commands_at,
          fmt::format("extended_start_script_commands: there is no command {}", command.text()))
          .with_hint("`help` of the start script lists them");
    }
    for (const std::string& name : *found)
      names += (names.empty() ? "" : " ") + name;
  }
  return names;
}

void fill_in(std::string& text, const StartScript& script) {
  put_script_parts(text, script_parts);
  put_script_parts(text, common_script_parts());
  replace_all(text, "@REL_NAME@", in_single_quotes(script.release_name));
  replace_all(text, "@REL_VSN@", in_single_quotes(script.release_version));
  replace_all(text, "@ERTS_VSN@", in_single_quotes(script.erts_version));
}

std::string extended_script(const StartScript& script, const std::string& config_file,
                            std::vector<StartScriptFile>& files) {
  std::string text = extended_text;
  fill_in(text, script);
  for (const char* phase : {"pre_start", "post_start", "pre_stop", "post_stop",
                            "pre_install_upgrade", "post_install_upgrade"}) {
    std::string mark = fmt::format("@{}_HOOKS@", phase);
    for (char& c : mark)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    replace_all(text, mark, hooks_of_phase(script, phase, config_file, files));
  }
  replace_all(text, "@STATUS_HOOK@", hooks_of_phase(script, "status", config_file, files));
  replace_all(text, "@COMMANDS@", command_names(script, config_file));
  replace_all(text, "'@EXTENSIONS@'", "'" + in_single_quotes(extension_names(script)) + "'");
  replace_all(text, "  # @EXTENSION_CASES@\n", extension_cases(script));
  return text;
}

}  // namespace

std::vector<StartScriptFile> start_script_files(const StartScript& script,
                                                const std::string& config_file) {
  std::vector<StartScriptFile> files;
  std::string text;
  if (script.extended) {
    text = extended_script(script, config_file, files);
    std::string fallback = without_nodetool_text;
    fill_in(fallback, script);
    files.push_back({"bin/without_nodetool", fallback, kReadable});
  } else {
    text = plain_text;
    fill_in(text, script);
  }
  files.push_back({"bin/" + script.release_name, text, kExecutable});
  files.push_back(
      {fmt::format("bin/{}-{}", script.release_name, script.release_version), text, kExecutable});
  return files;
}

std::string default_vm_args(const std::string& release_name) {
  // A node's name, and a cookie, have fewer characters than a release's name may have, and what
  // begins as a flag is one.
  std::string node, cookie;
  for (const char c : release_name) {
    const bool may_begin = !node.empty() || (c != '-' && c != '+');
    node += is_name_character(c) || (c == '-' && may_begin) ? c : '_';
    cookie += c >= ' ' && c <= '~' && c != '$' && may_begin ? c : '_';
  }
  return fmt::format(
      R"(## The node's name: -sname where every host is known by one word, -name for full names.
-sname {0}

## The secret that nodes share. The start script hands it over without showing it to `ps`.
-setcookie {1}

## Time may jump; with correction this is the recommended way to deal with it.
+C multi_time_warp

## In a container: do not spin while waiting for work.
## +sbwt none

## Start the node again when it dies or hangs.
## -heart

## Make Ctrl-C harmless.
## +Bi
)",
      node, start::vm_args_word(cookie));
}

std::string default_sys_config() {
  return "%% Values for the environments of applications:\n"
         "%% {Application, [{Parameter, Value}]}, see config(4).\n"
         "[].\n";
}

}  // namespace relmk::relx
