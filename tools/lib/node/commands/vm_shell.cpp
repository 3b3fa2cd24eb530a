#include "node/commands/vm_shell.h"

#include <string>

#include "node/session/standard_session.h"
#include "start/cookie_flags.h"
#include "sys/error.h"
#include "sys/foreground.h"
#include "sys/temporary_directory.h"

namespace relmk::node {
namespace {

// A directory with the cookie, and links to the other files that OTP looks for in a home.
class CookieHome {
 public:
  CookieHome(const std::string& cookie, const fs::path& home) {
    sys::write_file(directory() / ".erlang.cookie", cookie, 0400);
    for (const char* file : {".erlang", ".erlang.crypt", ".hosts.erlang"}) {
      std::error_code error;
      if (home.empty() || !fs::exists(home / file, error)) continue;
      fs::create_symlink(home / file, directory() / file, error);
    }
  }

  const fs::path& directory() const { return directory_.path(); }

 private:
  sys::TemporaryDirectory directory_{"nodetool"};
};

std::string erl_program(const sys::Environment& environment) {
  const std::string directory = sys::variable(environment, "BINDIR");
  return directory.empty() ? "erl" : (fs::path(directory) / "erlexec").string();
}

int64_t ask_ticktime(const Target& target, std::chrono::milliseconds timeout) {
  StandardSession session(target, timeout);
  const Term ticktime = session.rpc().call("net_kernel", "get_net_ticktime", {});
  return ticktime.is_small_integer() ? ticktime.as_integer() : 0;
}

}  // namespace

int run_vm_shell(const Target& target, std::chrono::milliseconds timeout,
                 const sys::Environment& environment) {
  const int64_t ticktime = ask_ticktime(target, timeout);
  const start::NodeName& name = target.address.name;
  const bool is_long = name.host.find_first_of(".:") != std::string::npos;
  const std::string own_home = sys::variable(environment, "HOME");
  const CookieHome home(target.cookie.value, own_home);
  std::vector<std::string> argv = {erl_program(environment),
                                   is_long ? "-name" : "-sname",
                                   "undefined@" + name.host,
                                   "-remsh",
                                   name.text(),
                                   "-hidden",
                                   "-dist_listen",
                                   "false"};
  if (ticktime > 0) {
    argv.insert(argv.end(), {"-kernel", "net_ticktime", std::to_string(ticktime)});
  }
  argv.insert(argv.end(), target.vm_flags.begin(), target.vm_flags.end());
  if (!own_home.empty()) argv.insert(argv.end(), {"-env", "HOME", own_home});
  sys::Environment all = start::find_cookie_flags(environment, fs::current_path()).changes;
  all["HOME"] = home.directory().string();
  all.merge(sys::Environment(environment));
  return sys::run_in_foreground(argv, all);
}

}  // namespace relmk::node
