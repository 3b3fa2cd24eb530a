// The files that a VM is started with. The cookie goes where the VM reads it by itself (kernel's
// auth: .erlang.cookie in the directory that -home names), because every other way leads through
// arguments, which anybody on the machine can read: vm.args, ERL_FLAGS and their like all end up
// there (erlexec).
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "start/start_environment.h"
#include "start/sys_config.h"
#include "start/vm_args.h"
#include "term/print.h"
#include "term/term.h"

namespace relmk::start {

namespace {

std::string value_of(const Environment& environment, const std::string& name) {
  auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

bool is_writable_directory(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) && ::access(path.c_str(), W_OK) == 0;
}

// A directory (not a link to one) of this user.
bool belongs_to_us(const fs::path& path) {
  struct stat status = {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == ::geteuid();
}

// Makes a directory that only this user can enter.
void make_private_directory(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    throw sys::system_error(path.string(), "cannot make the directory", errno);
  if (!belongs_to_us(path)) throw Error(path.string(), "belongs to another user");
  if (::chmod(path.c_str(), 0700) != 0)
    throw sys::system_error(path.string(), "cannot make the directory private", errno);
}

class StartDirectory {
 public:
  StartDirectory(const ReleasePlace& release, const Environment& environment)
      : release_(release), environment_(environment) {}

  // Where generated files go that the user may look at.
  fs::path output(const fs::path& beside) const {
    const fs::path given = value_of(environment_, "RELX_OUT_FILE_PATH");
    std::error_code ignored;
    if (!given.empty() && fs::is_directory(release_.root / given, ignored))
      return release_.root / given;
    return is_writable_directory(beside) ? beside : runtime();
  }

  // For what only this user may see, of one node.
  fs::path of_node(const NodeName& node) const {
    const std::string name = "." + node.text();
    fs::path directory = output(release_.version_directory()) / name;
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(directory, ignored)) && !belongs_to_us(directory))
      directory = runtime() / name;
    make_private_directory(directory);
    return directory;
  }

  // This user's directory for running nodes of the release: where a release is read-only.
  fs::path runtime() const {
    const fs::path given = value_of(environment_, "XDG_RUNTIME_DIR");
    fs::path directory;
    if (!given.empty() && is_writable_directory(given)) {
      directory = given / release_.name;
    } else if (is_writable_directory("/run")) {
      directory = fs::path("/run") / release_.name;
    } else {
      const std::string temporary = value_of(environment_, "TMPDIR");
      directory = fs::path(temporary.empty() ? "/tmp" : temporary) /
                  fmt::format("{}-{}", release_.name, ::geteuid());
    }
    make_private_directory(directory);
    return directory;
  }

 private:
  const ReleasePlace& release_;
  const Environment& environment_;
};

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
  sys::write_file(home / ".erlang.cookie", found.cookie, 0600);
  const fs::path users = value_of(environment, "HOME");
  for (const char* name : {".erlang", ".erlang.crypt", ".hosts.erlang"}) {
    std::error_code ignored;
    fs::remove(home / name, ignored);
    if (!users.empty() && fs::exists(users / name, ignored))
      fs::create_symlink(users / name, home / name, ignored);
  }
}

// Puts a generated file where relx puts it; what stood there is kept as FILE.orig, the source from
// then on.
fs::path write_generated(const StartDirectory& directory, const StartSource& source,
                         const NodeName& node, bool node_in_name, const std::string& text) {
  fs::path file = directory.output(source.base.parent_path()) / source.base.filename();
  if (node_in_name)
    file.replace_filename(
        fmt::format("{}.{}{}", file.stem().string(), node.text(), file.extension().string()));
  if (file == source.file) {
    std::error_code error;
    fs::rename(file, file.native() + ".orig", error);
    if (error) throw sys::system_error(file.string(), "cannot keep it as .orig", error.value());
  }
  sys::write_file(file, text, 0600);
  return file;
}

bool is_cookie_of_other_node(const VmFlag& flag) {
  return flag.name.text == "-setcookie" && flag.values.size() == 2;
}

// The flags that the VM is to see: no cookie, and not the name that NODE_NAME replaces.
std::vector<VmFlag> shown_flags(const VmArgs& vm_args, bool name_given) {
  std::vector<VmFlag> flags;
  for (const VmFlag& flag : vm_args.flags()) {
    const std::string& name = flag.name.text;
    if (name == "-setcookie" || (name_given && (name == "-name" || name == "-sname"))) continue;
    flags.push_back(flag);
  }
  return flags;
}

std::vector<VmFlag> cookies_of_other_nodes(const VmArgs& vm_args, const CookieFlags& environment) {
  std::vector<VmFlag> cookies;
  for (const std::vector<VmFlag>* flags : {&vm_args.flags(), &environment.flags})
    std::copy_if(flags->begin(), flags->end(), std::back_inserter(cookies),
                 is_cookie_of_other_node);
  return cookies;
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
  sys::write_file(file, "%% coding: utf-8\n" + terms, 0600);
  const std::string expression =
      fmt::format("[erlang:set_cookie(N, C) || {{N, C}} <- element(2, file:consult({}))].",
                  term::print_plain(Term::string(file.string()), true));
  return {{"-eval", {}, {}}, {{expression, {}, {}}}};
}

fs::path write_vm_args(const ReleasePlace& release, const StartDirectory& directory,
                       const StartEnvironment& found) {
  const VmArgs vm_args =
      read_vm_args(found.vm_args.file.string(), found.vm_args_text, release.root);
  std::vector<VmFlag> flags = shown_flags(vm_args, found.name_given);
  bool changed = flags.size() != vm_args.flags().size();
  const std::vector<VmFlag> cookies = cookies_of_other_nodes(vm_args, found.cookie_flags);
  if (!cookies.empty()) {
    changed = true;
    flags.push_back(
        read_cookies_of_other_nodes(cookies, directory.of_node(found.node) / "cookies"));
  }
  if (!changed) return found.vm_args.file.empty() ? fs::path() : found.vm_args.base;
  const fs::path file = directory.of_node(found.node) / "vm.args";
  sys::write_file(file, vm_args_text(flags), 0600);
  return file;
}

// An operator may have written it since the release was built: an error is told here, with its
// place, and not in the log of a node that did not boot.
void check_sys_config(const StartSource& source, const Environment& environment) {
  if (!source.file.empty())
    validate_sys_config(source.file.string(), start_source_text(source, environment));
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

void check_pipe_directory(const StartEnvironment& found) {
  if (!found.default_pipe_directory) return;
  // Without its slash at the end, which would follow a link.
  const fs::path path = found.pipe_directory.parent_path();
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(path, ignored)) && !belongs_to_us(path))
    throw Error(path.string(), "belongs to another user")
        .with_hint("delete it, run the node as that user, or set PIPE_DIR");
}

}  // namespace

void write_substituted_files(const ReleasePlace& release, const Environment& environment,
                             StartEnvironment& found) {
  const StartDirectory directory(release, environment);
  const bool node_in_name = !value_of(environment, "RELX_MULTI_NODE").empty();
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
  check_pipe_directory(found);
  check_sys_config(found.sys_config, environment);
  write_substituted_files(release, environment, found);
  StartFiles files;
  files.vm_args = write_vm_args(release, directory, found);
  if (!found.sys_config.file.empty()) files.sys_config = found.sys_config.base;
  if (!found.cookie.empty() && !found.cookie_in_home) {
    files.home = directory.of_node(found.node);
    write_home(files.home, found, environment);
  }
  files.log_directory = writable_log_directory(directory, found);
  return files;
}

}  // namespace relmk::start
