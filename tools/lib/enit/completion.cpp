#include "enit/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace relmk::enit {
namespace {

std::vector<std::string> names(const std::vector<CompletedCommand>& commands, bool of_releases) {
  std::vector<std::string> names;
  for (const CompletedCommand& command : commands) {
    if (command.takes_release || !of_releases) names.push_back(command.name);
  }
  return names;
}

// In single quotes, as fish reads them.
std::string fish_word(const std::string& text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string bash_completion(const std::vector<CompletedCommand>& commands) {
  std::string options;
  for (const CompletedCommand& command : commands) {
    if (!command.options.empty()) {
      options +=
          fmt::format("      {}) words=\"{}\" ;;\n", command.name, fmt::join(command.options, " "));
    }
  }
  return fmt::format(R"bash(# Completion for bash: `. <(enit completion)`; for zsh the same, after
# `autoload -U +X compinit bashcompinit; compinit; bashcompinit`.
_enit() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="{}"
  elif [ "${{word#-}}" != "$word" ]; then
    case $command in
{}    esac
  elif [ "$COMP_CWORD" -eq 2 ]; then
    case $command in
      {}) words=$(enit list --names 2>/dev/null) ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _enit enit
)bash",
                     fmt::join(names(commands, false), " "), options,
                     fmt::join(names(commands, true), "|"));
}

std::string fish_completion(const std::vector<CompletedCommand>& commands) {
  std::string text = "# Completion for fish: `enit completion fish | source`\n";
  for (const CompletedCommand& command : commands) {
    text += fmt::format("complete -c enit -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        fish_word(command.about));
    if (command.takes_release) {
      text += fmt::format(
          "complete -c enit -n '__fish_seen_subcommand_from {}' -a '(enit list --names "
          "2>/dev/null)'\n",
          command.name);
    }
    for (const std::string& option : command.options) {
      text += fmt::format("complete -c enit -n '__fish_seen_subcommand_from {}' -l {}\n",
                          command.name, option.substr(2));
    }
  }
  return text;
}

}  // namespace relmk::enit
