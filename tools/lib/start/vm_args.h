// vm.args: a file of arguments for erl, as erlexec's -args_file reads it, with the checks of relx's
// start script. Variables (conf/environment_substitution.h) are to be replaced before.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/error.h"
#include "sys/files.h"

namespace relmk::start {

struct VmArgument {
  std::string text;  // without quotes and backslashes
  std::string file;
  Position at;
  size_t begin = 0, end = 0;  // its bytes in the file's text
};

// A flag, as `-name` or `+P`, and the arguments that are its values.
struct VmFlag {
  VmArgument name;
  std::vector<VmArgument> values;
};

struct VmNodeName {
  bool long_name = false;  // -name, not -sname
  std::string name;        // with or without @host
  std::string file;
  Position at;
};

// What relx's start script refuses in vm.args. The message is relx's.
class VmArgsError : public Error {
 public:
  enum Code { NoName = 1, SecondName = 2, NotReadable = 3, Circular = 5 };
  VmArgsError(Code code, std::string file, Position at, std::string message)
      : Error(std::move(file), at, std::move(message)), code_(code) {}
  Code code() const { return code_; }  // relx's exit code

 private:
  Code code_;
};

class VmArgs {
 public:
  VmArgs() = default;
  explicit VmArgs(std::vector<VmFlag> flags, std::optional<VmArgsError> missing_file = {});

  // In the order of the files; an -args_file is replaced by what is in that file.
  const std::vector<VmFlag>& flags() const { return flags_; }
  // The last flag of that name, as `-heart`; nullptr when there is none.
  const VmFlag* find(std::string_view name) const;
  // The first value of that flag; nullopt when it is not there, or has none.
  std::optional<std::string> value(std::string_view name) const;
  // The value that `-APPLICATION PARAMETER VALUE` gives, the last one.
  std::optional<std::string> parameter(std::string_view application,
                                       std::string_view parameter) const;
  // The variables that `-env NAME VALUE` sets.
  std::map<std::string, std::string> environment() const;

  // The first file of an -args_file that is not there, where those were skipped.
  const std::optional<VmArgsError>& missing_file() const { return missing_file_; }

  // Absent without -name and -sname; name_or_throw() then throws VmArgsError, missing_file() if it
  // is that.
  const std::optional<VmNodeName>& name() const { return name_; }
  const VmNodeName& name_or_throw() const;
  // The VM's own cookie: that of the one -setcookie with a single value. (The VM ignores several;
  // with two values it is the cookie for another node.)
  const VmArgument* cookie() const;

 private:
  std::vector<VmFlag> flags_;
  std::optional<VmArgsError> missing_file_;
  std::optional<VmNodeName> name_;
};

// The arguments in a text, by the rules of erlexec's -args_file (quotes, backslashes, comments),
// with one exception: a `#` within the value of -setcookie, which erlexec takes for a comment, and
// a quote in it that nothing on its line closes, are part of the cookie, as for relx.
std::vector<VmArgument> split_vm_args(const std::string& file, std::string_view text);

// Reads the text of `file` and the files that it includes, whose relative paths are taken from
// `directory`, the release's root (the VM's working directory). Throws VmArgsError for a second
// name, a file that is missing (unless those are skipped: a hook may yet make them), unreadable or
// included twice; Error for a flag that lacks its value.
enum class MissingFiles { Refuse, Skip };
VmArgs read_vm_args(const std::string& file, std::string_view text, const fs::path& directory,
                    MissingFiles missing = MissingFiles::Refuse);

// The flags in an environment variable from which erlexec takes some (ERL_FLAGS and its like):
// there a `#` begins no comment. Throws as read_vm_args does.
std::vector<VmFlag> read_environment_flags(const std::string& variable, std::string_view text,
                                           const fs::path& directory);

// Looks through a vm.args, or a template of one, when the release is built. Throws Error for what
// could not start, whatever its variables stand for; warns about a quote that nothing closes. The
// files that it includes may be those of another machine, and are not looked at.
void validate_vm_args(const std::string& file, std::string_view text);

// The flags as text from which erlexec reads the same arguments, one flag a line.
std::string vm_args_text(const std::vector<VmFlag>& flags);

// A text as one word of a vm.args.
std::string vm_args_word(const std::string& text);

// What a message may show of a word of vm.args: up to its first blank or line's end. What is behind
// that, as where a quote is not closed, may be a secret.
std::string shown_word(std::string_view word);

// The VM goes into the background by itself: no start script gives it that.
constexpr const char* kDetached = "-detached";

// The arguments that a user gives to the command that starts a node. They are the VM's, too; those
// that name a file of arguments or hold a cookie are taken out of them, for the VM's arguments are
// public; so is -detached.
struct CommandArguments {
  std::vector<VmFlag> flags;       // all that they say, with what is in files that -args_file names
  std::vector<std::string> words;  // what is left of them for the VM's command line
  std::optional<VmArgsError> missing_file;  // the first of those files that was skipped
};
// `directory` and `missing` as for read_vm_args, which says what is thrown.
CommandArguments read_command_arguments(const std::vector<std::string>& words,
                                        const fs::path& directory,
                                        MissingFiles missing = MissingFiles::Refuse);
// The file of an argument that is given in the command.
constexpr const char* kCommandLine = "the command's arguments";

}  // namespace relmk::start
