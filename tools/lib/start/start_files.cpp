#include "start/start_files.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "start/running_node.h"
#include "start/start_directory.h"
#include "start/sys_config.h"
#include "start/vm_args.h"
#include "term/print.h"
#include "term/term.h"

namespace relmk::start {

namespace {

// A file for its owner alone.
void write_private(const fs::path& file, const std::string& bytes) {
  try {
    sys::write_file(file, bytes, 0600);
  } catch (const Error& error) {
    throw Error(error).with_hint("set RELX_OUT_FILE_PATH to a directory that can be written to");
  }
}

// The home that the VM is given: the cookie, and links to what else OTP looks for in a home.
void write_home(const fs::path& home, const StartEnvironment& found,
                const Environment& environment) {
  // auth:check_cookie takes these characters, and nothing longer than an atom.
  const bool readable = std::all_of(found.cookie.begin(), found.cookie.end(),
                                    [](char c) { return c >= ' ' && c <= '~'; });
  if (!readable || found.cookie.size() > 255)
    throw Error(found.cookie_source,
                "the cookie is longer than 255 characters, or not all of printable ASCII: "
                "a VM cannot read it from a file");
  write_private(home / ".erlang.cookie", found.cookie);
  const fs::path users = sys::variable(environment, "HOME");
  for (const char* name : {".erlang", ".erlang.crypt", ".hosts.erlang"}) {
    std::error_code ignored;
    fs::remove(home / name, ignored);
    if (!users.empty() && fs::exists(users / name, ignored))
      fs::create_symlink(users / name, home / name, ignored);
  }
}

// Puts a generated file where relx puts it. No source is written over: what a file is derived from
// is what there is now, and not what an earlier start has left.
fs::path write_generated(const StartDirectory& directory, const StartSource& source,
                         const NodeName& node, bool node_in_name, const std::string& text) {
  fs::path file = directory.output(source.base.parent_path()) / source.base.filename();
  if (node_in_name || file == source.file)
    file.replace_filename(
        fmt::format("{}.{}{}", file.stem().string(), node.text(), file.extension().string()));
  write_private(file, text);
  return file;
}

bool is_cookie_of_other_node(const VmFlag& flag) {
  return flag.name.text == "-setcookie" && flag.values.size() == 2;
}

// Whoever starts a node waits for its process, or hands it the terminal: a VM that goes into the
// background by itself would look as if it had ended.
void warn_of_detaching(const StartEnvironment& found) {
  for (const std::vector<VmFlag>* flags :
       {&found.flags.flags(), &found.arguments.flags, &found.cookie_flags.flags}) {
    for (const VmFlag& flag : *flags) {
      if (flag.name.text != kDetached) continue;
      sys::warn(flag.name.file, flag.name.at,
                "-detached is left out: it is the command `daemon` that starts a node in the "
                "background");
    }
  }
}

// The VM takes TLS passwords from its arguments, which all users of the machine can read, or from a
// file.
void warn_of_shown_passwords(const StartEnvironment& found) {
  for (const std::vector<VmFlag>* flags : {&found.flags.flags(), &found.arguments.flags}) {
    for (const VmFlag& flag : *flags) {
      if (flag.name.text != "-ssl_dist_opt") continue;
      for (const VmArgument& value : flag.values)
        if (value.text.ends_with("_password"))
          sys::warn(value.file, value.at,
                    "all users of this machine can see this password among the VM's arguments: "
                    "-ssl_dist_optfile names a file for it");
    }
  }
}

// The flags that the VM is to see: no cookie, not the name that NODE_NAME replaces, no -detached.
std::vector<VmFlag> shown_flags(const VmArgs& vm_args, bool name_given) {
  std::vector<VmFlag> flags;
  for (const VmFlag& flag : vm_args.flags()) {
    const std::string& name = flag.name.text;
    if (name == "-setcookie" || name == kDetached ||
        (name_given && (name == "-name" || name == "-sname")))
      continue;
    flags.push_back(flag);
  }
  return flags;
}

std::vector<VmFlag> cookies_of_other_nodes(const StartEnvironment& found) {
  std::vector<VmFlag> cookies;
  for (const std::vector<VmFlag>* flags :
       {&found.flags.flags(), &found.arguments.flags, &found.cookie_flags.flags})
    std::copy_if(flags->begin(), flags->end(), std::back_inserter(cookies),
                 is_cookie_of_other_node);
  return cookies;
}

// A cookie that a blank makes two values would be lost without a word, unless another source goes
// before it.
void refuse_cookie_in_two(const StartEnvironment& found, const std::vector<VmFlag>& cookies) {
  if (!found.cookie.empty() && !found.cookie_in_home) return;
  for (const VmFlag& flag : cookies) {
    if (flag.values[0].text.find('@') != std::string::npos) continue;
    throw Error(flag.name.file, flag.name.at,
                "of the two values of -setcookie, the first is no node's name")
        .with_hint("a cookie that holds a blank stands in quotes");
  }
}

// `-setcookie NODE COOKIE` gives the cookie of another node. Those go to a file that the VM reads
// when it has booted: what it starts before that sees them not yet.
VmFlag read_cookies_of_other_nodes(const std::vector<VmFlag>& cookies, const fs::path& file) {
  std::string terms;
  for (const VmFlag& flag : cookies) {
    terms += term::print_plain(
                 Term::tuple({Term::atom(flag.values[0].text), Term::atom(flag.values[1].text)})) +
             ".\n";
  }
  write_private(file, "%% coding: utf-8\n" + terms);
  const std::string expression =
      fmt::format("[erlang:set_cookie(N, C) || {{N, C}} <- element(2, file:consult({}))].",
                  term::print_plain(Term::string(file.string()), true));
  return {{"-eval", {}, {}, 0, 0}, {{expression, {}, {}, 0, 0}}};
}

// Where the files are that only this VM reads. A node of that name that runs already is found by
// its own: another start, which will find the name taken, does not write over them, nor over those
// of a third one.
struct PrivateDirectory {
  const ReleasePlace& release;
  const Environment& environment;
  const NodeName& node;

  // Made when it is asked for.
  fs::path path() const {
    const fs::path first = StartDirectory(release, environment).of_node(node);
    const std::vector<RunningNode> others = noted_processes(release, environment);
    const auto is_taken = [&](const fs::path& directory) {
      return std::any_of(others.begin(), others.end(), [&](const RunningNode& other) {
        return other.node == node && (other.cookie_file.parent_path() == directory ||
                                      other.vm_args.parent_path() == directory);
      });
    };
    fs::path ours = first;
    for (int number = 2; is_taken(ours); ++number)
      ours = first / std::to_string(number);
    if (ours != first) make_private_directory(ours);
    return ours;
  }
};

fs::path write_vm_args(const PrivateDirectory& ours, const StartEnvironment& found) {
  if (found.flags.missing_file()) throw VmArgsError(*found.flags.missing_file());
  warn_of_detaching(found);
  warn_of_shown_passwords(found);
  std::vector<VmFlag> flags = shown_flags(found.flags, found.name_given);
  bool changed = flags.size() != found.flags.flags().size();
  // What the command's -args_file names is read from here, too: there may be a cookie in it.
  for (const VmFlag& flag : shown_flags(VmArgs(found.arguments.flags), found.name_given)) {
    if (flag.name.file == kCommandLine) continue;
    flags.push_back(flag);
    changed = true;
  }
  const std::vector<VmFlag> cookies = cookies_of_other_nodes(found);
  if (!cookies.empty()) {
    refuse_cookie_in_two(found, cookies);
    changed = true;
    flags.push_back(read_cookies_of_other_nodes(cookies, ours.path() / "cookies"));
  }
  if (!changed) return found.vm_args.file.empty() ? fs::path() : found.vm_args.base;
  const fs::path file = ours.path() / "vm.args";
  write_private(file, vm_args_text(flags));
  return file;
}

// An operator may have written it since the release was built: an error is told here, with its
// place, and not in the log of a node that did not boot.
void check_sys_config(const ReleasePlace& release, const StartSource& source,
                      const Environment& environment) {
  if (source.file.empty()) return;
  const std::string text = start_source_text(source, environment);
  check_sys_config_of_vm(source.file.string(), text);
  check_included_configs(source.file.string(), text, source.base.parent_path(), release.root);
}

// run_erl logs here; a release that is read-only has no place for logs.
fs::path writable_log_directory(const StartDirectory& directory, const StartEnvironment& found) {
  if (!found.default_log_directory) return found.log_directory;
  fs::path existing = found.log_directory;
  std::error_code ignored;
  while (!fs::exists(existing, ignored))
    existing = existing.parent_path();
  if (is_writable_directory(existing)) return found.log_directory;
  return directory.runtime() / "log" / found.node_type;
}

}  // namespace

void write_substituted_files(const ReleasePlace& release, const Environment& environment,
                             StartEnvironment& found) {
  const StartDirectory directory(release, environment);
  const bool node_in_name = !sys::variable(environment, "RELX_MULTI_NODE").empty();
  const auto write = [&](StartSource& source, const std::string& text) {
    if (!source.file.empty() && source.is_generated())
      source.base = write_generated(directory, source, found.node, node_in_name, text);
  };
  write(found.vm_args, found.vm_args_text);
  write(found.sys_config, start_source_text(found.sys_config, environment));
}

StartFiles write_start_files(const ReleasePlace& release, const Environment& environment,
                             StartEnvironment found) {
  const StartDirectory directory(release, environment);
  write_substituted_files(release, environment, found);
  check_sys_config(release, found.sys_config, environment);
  StartFiles files;
  const PrivateDirectory ours{release, environment, found.node};
  files.vm_args = write_vm_args(ours, found);
  if (!found.sys_config.file.empty()) files.sys_config = found.sys_config.base;
  if (!found.cookie.empty() && !found.cookie_in_home) {
    files.home = ours.path();
    write_home(files.home, found, environment);
  }
  files.log_directory = writable_log_directory(directory, found);
  return files;
}

}  // namespace relmk::start
